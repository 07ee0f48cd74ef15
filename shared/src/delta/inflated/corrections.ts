import { type VarintReader, VarintWriter } from '../../varint.ts';
import { compressPiece, decompressPiece, isTrainedDictionary, knowsDictionaries } from '../zstd-piece.ts';
import { INFLATED_LIMITS } from './limits.ts';
import { packBytes, unpackBytes } from './pack-bytes.ts';

/** The corrections of the source's streams by one profile, which those of the target resemble where one encoder made both. */
export interface Reference {
  readonly profile: number;
  readonly corrections: Uint8Array;
}

/** Gives the corrections of the source's streams by a profile. */
export type ReadReference = (profile: number) => Uint8Array;

const NO_REFERENCE = 0;
/** As a power of two: the limits of a list and of a reference together. */
const WINDOW_LOG = 23;

/** All corrections of the target's streams, one behind the other, as a payload has them: the smaller of two ways. */
export function formatCorrections(corrections: Uint8Array, reference: Reference | undefined): Uint8Array {
  const own = new VarintWriter();
  own.write(NO_REFERENCE);
  own.writeBytes(packBytes(corrections));
  const alone = own.take();
  if (reference === undefined || !isUsable(reference.corrections)) return alone;
  const writer = new VarintWriter();
  writer.write(reference.profile + 1);
  writer.writeSection(compressPiece(reference.corrections, corrections, 'thorough'));
  const referring = writer.take();
  return referring.length < alone.length ? referring : alone;
}

/**
 * The `size` bytes of all corrections.
 * @throws RangeError, DeltaError `bad-delta` on any damage; what `readReference` throws
 */
export function parseCorrections(
  payload: VarintReader,
  size: number,
  readReference: ReadReference,
): Uint8Array {
  const mode = payload.read(INFLATED_LIMITS.profile + 1);
  if (mode === NO_REFERENCE) {
    const corrections = unpackBytes(payload);
    if (corrections.length !== size) throw new RangeError('the corrections have another size');
    return corrections;
  }
  const frame = payload.readSection();
  const reference = readReference(mode - 1);
  if (!isUsable(reference)) throw new RangeError('the corrections refer to what can not be referred to');
  return decompressPiece(reference, frame, { size, windowLog: WINDOW_LOG });
}

function isUsable(reference: Uint8Array): boolean {
  return (
    reference.length > 0 &&
    reference.length <= INFLATED_LIMITS.reference &&
    !isTrainedDictionary(reference) &&
    knowsDictionaries()
  );
}
