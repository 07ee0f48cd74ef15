import { isRecord } from '../json/parse-json.ts';
import type { Envelope, SignedFields } from './envelope.ts';
import { type FileMeta, type FileRef, formatFileMeta, readFileMeta } from './file-meta.ts';
import { type Metadata, malformed, readMetadata } from './metadata.ts';
import { SPEC_VERSION } from './role-name.ts';
import { formatTime, parseTime } from './utc-time.ts';

/** Which snapshot is the newest. TUF 1.0.34, section 4.6. */
export interface Timestamp extends Metadata {
  readonly snapshot: FileMeta;
  /** When it was signed, seconds since 1970; ours, unknown to TUF. No clock that is right shows an earlier time. */
  readonly time: number | undefined;
  /** As in the root. */
  readonly product: string | undefined;
}

export interface TimestampInput {
  readonly version: number;
  /** Seconds since 1970. */
  readonly expires: number;
  readonly time?: number;
  readonly product?: string;
  readonly snapshot: FileRef;
}

export function timestampFields(input: TimestampInput): SignedFields {
  const { version, expires, time, product, snapshot } = input;
  return {
    _type: 'timestamp',
    spec_version: SPEC_VERSION,
    version,
    expires: formatTime(expires),
    ...(time === undefined ? {} : { time: formatTime(time) }),
    ...(product === undefined ? {} : { product }),
    meta: { 'snapshot.json': formatFileMeta(snapshot) },
  };
}

/** @throws TrustError `bad-metadata` */
export function readTimestamp(envelope: Envelope, bytes: Uint8Array): Timestamp {
  const metadata = readMetadata(envelope, { bytes, type: 'timestamp', role: 'timestamp' });
  const { meta, product } = envelope.signed;
  const time = envelope.signed.time === undefined ? undefined : parseTime(envelope.signed.time);
  if (envelope.signed.time !== undefined && time === undefined)
    throw malformed('timestamp', 'its time is no time');
  if (product !== undefined && typeof product !== 'string')
    throw malformed('timestamp', 'its product is no text');
  if (!isRecord(meta) || Object.keys(meta).length !== 1)
    throw malformed('timestamp', 'it lists more or less than one file');
  const snapshot = readFileMeta(meta['snapshot.json']);
  if (snapshot === undefined) throw malformed('timestamp', 'its snapshot.json is malformed');
  return { ...metadata, snapshot, time, product };
}
