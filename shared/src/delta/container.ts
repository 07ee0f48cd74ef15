import { LIMITS } from '../limits.ts';
import { DeltaError } from './delta-error.ts';

/** What a delta is made of, whichever codec wrote it. */
export interface DeltaContainer {
  readonly codecId: number;
  /** Bytes of the blob that the delta makes. */
  readonly targetSize: number;
  readonly payload: Uint8Array;
}

/** Magic (4), format version (1), codec (1), target size (8). */
export const DELTA_HEADER_SIZE = 14;
const MAGIC = Buffer.from('SWDL', 'latin1');
const FORMAT = 1;

/** The bytes of a delta before compression. `manifests/spec/delta.md`. */
export function formatContainer({ codecId, targetSize, payload }: DeltaContainer): Uint8Array {
  const container = Buffer.alloc(DELTA_HEADER_SIZE + payload.length);
  MAGIC.copy(container);
  container.writeUInt8(FORMAT, 4);
  container.writeUInt8(codecId, 5);
  container.writeBigUInt64LE(BigInt(targetSize), 6);
  container.set(payload, DELTA_HEADER_SIZE);
  return container;
}

/**
 * The fields of a delta; the payload is a view of `bytes`.
 * @throws DeltaError `bad-delta`, or `unknown-codec` where a later version of the format wrote it
 */
export function parseContainer(bytes: Uint8Array): DeltaContainer {
  const container = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (container.length < DELTA_HEADER_SIZE || !container.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new DeltaError('bad-delta', 'this is no delta');
  }
  const format = container.readUInt8(4);
  if (format !== FORMAT)
    throw new DeltaError('unknown-codec', `the delta has format ${format}, which this version does not know`);
  const targetSize = container.readBigUInt64LE(6);
  if (targetSize > BigInt(LIMITS.fileSize))
    throw new DeltaError('bad-delta', `the delta announces ${targetSize} bytes`);
  return {
    codecId: container.readUInt8(5),
    targetSize: Number(targetSize),
    payload: bytes.subarray(DELTA_HEADER_SIZE),
  };
}
