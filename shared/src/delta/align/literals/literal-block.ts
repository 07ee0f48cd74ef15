import { compressBrotli, decompressBrotli } from '../../brotli.ts';
import { DeltaError } from '../../delta-error.ts';
import {
  compressPiece,
  decompressPiece,
  isTrainedDictionary,
  knowsDictionaries,
  requireDictionaries,
} from '../../zstd-piece.ts';

/** Literals of one block: what a reader holds at a time, beside what the decompressor needs for as many bytes. */
export const LITERAL_BLOCK = 2 ** 22;
/** Largest source that serves as a dictionary: it has to be in memory as a whole. */
export const DICTIONARY_MAX = 2 ** 23;
/** The largest window that a frame over it may have. */
const WINDOW_LOG = 24;
/** A frame's magic number, the same for all, is left out. */
const MAGIC = Uint8Array.from([0x28, 0xb5, 0x2f, 0xfd]);

/** How a block is stored; also the numbers of the format. */
export const STORED = 0;
export const BROTLI = 1;
export const OVER_SOURCE = 2;
export const METHODS = 3;

export interface LiteralBlock {
  readonly method: typeof STORED | typeof BROTLI | typeof OVER_SOURCE;
  readonly stored: Uint8Array;
}

/** The smallest form of `plain`; over `dictionary` only where there is one. */
export function packLiterals(plain: Uint8Array, dictionary: Uint8Array | undefined): LiteralBlock {
  let smallest: LiteralBlock = { method: STORED, stored: plain };
  const brotli = compressBrotli(plain);
  if (brotli.length < smallest.stored.length) smallest = { method: BROTLI, stored: brotli };
  if (dictionary === undefined || isTrainedDictionary(dictionary) || !knowsDictionaries()) return smallest;
  const frame = compressPiece(dictionary, plain, 'thorough').subarray(MAGIC.length);
  return frame.length < smallest.stored.length ? { method: OVER_SOURCE, stored: frame } : smallest;
}

/**
 * The `size` bytes of a block. An attacker controls `stored`: nothing larger is held, whatever it says.
 * @throws DeltaError `bad-delta`; `unknown-codec` where this Node.js does not know dictionaries
 */
export function unpackLiterals(
  { method, stored }: LiteralBlock,
  size: number,
  dictionary: () => Uint8Array,
): Uint8Array {
  if (method === BROTLI) return unpackBrotli(stored, size);
  if (method === OVER_SOURCE) return unpackOver(dictionary(), stored, size);
  if (stored.length === size) return stored;
  throw new DeltaError('bad-delta', 'literals of the delta have another size than announced');
}

function unpackOver(dictionary: Uint8Array, stored: Uint8Array, size: number): Uint8Array {
  requireDictionaries();
  if (isTrainedDictionary(dictionary))
    throw new DeltaError('bad-delta', 'the source of the delta is no raw content');
  return decompressPiece(dictionary, Buffer.concat([MAGIC, stored]), { size, windowLog: WINDOW_LOG });
}

function unpackBrotli(stored: Uint8Array, size: number): Uint8Array {
  try {
    return decompressBrotli(stored, size);
  } catch (cause) {
    throw new DeltaError('bad-delta', 'literals of the delta are damaged', { cause });
  }
}
