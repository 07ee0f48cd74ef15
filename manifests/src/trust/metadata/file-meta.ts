import { type Digest, sha256, sha512, toHex } from '@swupd/shared';
import type { Json } from '../json/canonical-json.ts';
import { isRecord } from '../json/parse-json.ts';

/** Digests of a file by algorithm, in hexadecimal digits. */
export type Hashes = ReadonlyMap<string, string>;

/** What metadata says of other metadata. TUF 1.0.34, METAFILES in section 4.5. */
export interface FileMeta {
  readonly version: number;
  /** Bytes. */
  readonly length: number | undefined;
  readonly hashes: Hashes | undefined;
}

/** Metadata that is to be listed. */
export interface FileRef {
  readonly version: number;
  readonly bytes: Uint8Array;
}

/** How a file is listed: by version, length and SHA-256. */
export function formatFileMeta({ version, bytes }: FileRef): Json {
  return { version, length: bytes.length, hashes: { sha256: sha256(bytes) } };
}

/** A version, length and hashes as somebody wrote them; undefined where they are malformed. */
export function readFileMeta(value: Json | undefined): FileMeta | undefined {
  if (!isRecord(value)) return undefined;
  const { version, length } = value;
  if (typeof version !== 'number' || version < 1) return undefined;
  if (length !== undefined && (typeof length !== 'number' || length < 0)) return undefined;
  const hashes = value.hashes === undefined ? undefined : readHashes(value.hashes);
  return value.hashes !== undefined && hashes === undefined ? undefined : { version, length, hashes };
}

/** At least one digest; undefined where it is malformed. */
export function readHashes(value: Json | undefined): Hashes | undefined {
  if (!isRecord(value)) return undefined;
  const hashes = new Map<string, string>();
  for (const [algorithm, digest] of Object.entries(value)) {
    if (typeof digest !== 'string') return undefined;
    hashes.set(algorithm, digest);
  }
  return hashes.size === 0 ? undefined : hashes;
}

/** Whether `bytes` has each of the digests; one by an algorithm that is not known can't be checked, so nothing has it. */
export function hasHashes(bytes: Uint8Array, hashes: Hashes): boolean {
  for (const [algorithm, digest] of hashes) {
    if (ALGORITHMS[algorithm]?.(bytes) !== digest) return false;
  }
  return true;
}

const ALGORITHMS: { readonly [name: string]: (bytes: Uint8Array) => string } = Object.assign(
  Object.create(null),
  {
    sha256: (bytes: Uint8Array): Digest => sha256(bytes),
    sha512: (bytes: Uint8Array): string => toHex(sha512(bytes)),
  },
);
