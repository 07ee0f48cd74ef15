import { isRecord } from '../json/parse-json.ts';
import type { Envelope, SignedFields } from './envelope.ts';
import { type FileMeta, type FileRef, formatFileMeta, readFileMeta } from './file-meta.ts';
import { type Metadata, malformed, readMetadata } from './metadata.ts';
import { SPEC_VERSION } from './role-name.ts';
import { formatTime } from './utc-time.ts';

/** Which versions of all targets metadata belong together. TUF 1.0.34, section 4.4. */
export interface Snapshot extends Metadata {
  /** By role. */
  readonly meta: ReadonlyMap<string, FileMeta>;
}

export interface SnapshotInput {
  readonly version: number;
  /** Seconds since 1970. */
  readonly expires: number;
  /** By role: `targets` and the delegated ones. */
  readonly meta: Readonly<Record<string, FileRef>>;
}

export function snapshotFields({ version, expires, meta }: SnapshotInput): SignedFields {
  const files = Object.entries(meta).map(([role, file]) => [`${role}.json`, formatFileMeta(file)]);
  return {
    _type: 'snapshot',
    spec_version: SPEC_VERSION,
    version,
    expires: formatTime(expires),
    meta: Object.fromEntries(files),
  };
}

/** @throws TrustError `bad-metadata` */
export function readSnapshot(envelope: Envelope, bytes: Uint8Array): Snapshot {
  const metadata = readMetadata(envelope, { bytes, type: 'snapshot', role: 'snapshot' });
  if (!isRecord(envelope.signed.meta)) throw malformed('snapshot', 'it has no list of files');
  const meta = new Map<string, FileMeta>();
  for (const [name, value] of Object.entries(envelope.signed.meta)) {
    const file = readFileMeta(value);
    if (file === undefined || !name.endsWith('.json'))
      throw malformed('snapshot', `its entry ${JSON.stringify(name)} is malformed`);
    meta.set(name.slice(0, -'.json'.length), file);
  }
  return { ...metadata, meta };
}
