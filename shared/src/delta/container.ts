import { DeltaError } from './delta-error.ts';

/** What a delta is made of, whichever codec wrote it. */
export interface DeltaContainer {
  readonly codecId: number;
  readonly payload: Uint8Array;
}

/** Magic and format version (1), codec (1). Most deltas are of small files: each byte counts thousands of times. */
export const DELTA_HEADER_SIZE = 2;
/** In the upper half of the first byte; below it is the version. */
const MAGIC = 0xd0;
const FORMAT = 2;

/** The bytes of a delta before compression. `manifests/spec/delta.md`. */
export function formatContainer({ codecId, payload }: DeltaContainer): Uint8Array {
  return Buffer.concat([Uint8Array.of(MAGIC | FORMAT, codecId), payload]);
}

/**
 * The fields of a delta; the payload is a view of `bytes`.
 * @throws DeltaError `bad-delta`, or `unknown-codec` where another version of the format wrote it
 */
export function parseContainer(bytes: Uint8Array): DeltaContainer {
  const [first = 0, codecId] = bytes;
  if ((first & 0xf0) !== MAGIC || codecId === undefined)
    throw new DeltaError('bad-delta', 'this is no delta');
  const format = first & 0x0f;
  if (format !== FORMAT)
    throw new DeltaError('unknown-codec', `the delta has format ${format}, which this version does not know`);
  return { codecId, payload: bytes.subarray(DELTA_HEADER_SIZE) };
}
