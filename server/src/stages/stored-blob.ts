import { readFileSync } from 'node:fs';
import { type Digest, decompressFrame, releaseBytes } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { BuildError } from '../build-error.ts';

const ZSTD_MAGIC = 0xfd2fb528;

/** An object of the repository, or staged for it, of which the plain size is known. */
export interface StoredObject {
  readonly path: string;
  readonly plainSize: number;
}

/** The plain bytes of a blob. @throws BuildError `bad-repository` where it is damaged */
export function readBlob(blob: StoredObject & { readonly digest: Digest }): Uint8Array {
  const plain = readStored(blob);
  if (hashContent(plain) !== blob.digest) throw damagedBlob(blob.path);
  return plain;
}

/** The plain bytes of a stored object, whose digest is not checked. @throws BuildError `bad-repository` */
export function readStored({ path, plainSize }: StoredObject): Uint8Array {
  try {
    const stored = readFileSync(path);
    if (stored.length === plainSize) return stored;
    const plain = decompressFrame(stored, plainSize, plainSize);
    releaseBytes(stored);
    return plain;
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw damagedBlob(path, cause);
  }
}

/**
 * Plain and stored size of an object of which only the file is at hand. That works for the delta containers of this project:
 * they never begin like a zstd frame, and the frames that it writes announce their content.
 */
export function inspectStored(path: string): { readonly length: number; readonly storedSize: number } {
  const bytes = readFileSync(path);
  const isFrame = bytes.length > 4 && bytes.readUInt32LE(0) === ZSTD_MAGIC;
  return { length: isFrame ? announcedSize(bytes) : bytes.length, storedSize: bytes.length };
}

/** The content size in the header of a zstd frame. RFC 8878, section 3.1.1.1. */
function announcedSize(frame: Buffer): number {
  const descriptor = frame.readUInt8(4);
  const isSingle = (descriptor & 0x20) !== 0;
  const dictionarySize = [0, 1, 2, 4][descriptor & 3] ?? 0;
  const at = 5 + (isSingle ? 0 : 1) + dictionarySize;
  switch (descriptor >> 6) {
    case 0:
      return frame.readUInt8(at);
    case 1:
      return frame.readUInt16LE(at) + 256;
    case 2:
      return frame.readUInt32LE(at);
    default:
      return Number(frame.readBigUInt64LE(at));
  }
}

/** The error for an object of the repository that is not what it should be. */
export function damagedBlob(path: string, cause?: unknown): BuildError {
  return new BuildError('bad-repository', `${path} is damaged`, {
    cause,
    details: { path },
    hint: 'Restore the file from a copy of the repository, or remove it if it belongs to the newest build only, and build again.',
  });
}
