import { DeltaError } from '../../delta-error.ts';
import { type BitCoder, bitModels } from '../coding/bit-coder.ts';
import { NumberModel, SignedModel } from '../coding/number-model.ts';
import { type Copies, CopyList } from './copy-list.ts';
import { RecentEnds } from './recent-ends.ts';

/** Sizes of source and target in bytes. */
export interface Sizes {
  readonly source: number;
  readonly target: number;
}

export function writeCopies(coder: BitCoder, copies: Copies): void {
  const model = new CopyModel(coder);
  for (let index = 0; index < copies.count; index += 1)
    model.code(
      copies.target[index] as number,
      copies.source[index] as number,
      copies.length[index] as number,
    );
}

/**
 * `count` copies, each within both files and behind the one before in the target.
 * @throws DeltaError `bad-delta`
 */
export function readCopies(coder: BitCoder, count: number, sizes: Sizes): Copies {
  const model = new CopyModel(coder);
  const copies = new CopyList();
  for (let index = 0; index < count; index += 1) {
    model.code(0, 0, 0);
    const { target, source, length } = model;
    if (length === 0 || target + length > sizes.target || source < 0 || source + length > sizes.source)
      throw new DeltaError('bad-delta', 'a copy of the delta reaches out of its file');
    copies.add(target, source, length);
  }
  return copies;
}

/** Ends of earlier copies that the next one may be near to, and bits of their number. */
const ENDS = 8;
const END_BITS = 3;
/** Bits of the diagonal (source minus target) that are predicted apart: functions move by a multiple of 16 bytes. */
const LOW_BITS = 4;
const LOW = 2 ** LOW_BITS - 1;

/**
 * Codes one copy after the other: how many literals come first; which end of an earlier copy the source is near to; the lowest bits of the
 * diagonal; how far from that end, in units of 16 bytes; the length.
 */
class CopyModel {
  target = 0;
  source = 0;
  length = 0;
  readonly #coder: BitCoder;
  readonly #ends = new RecentEnds(ENDS);
  readonly #gaps = new NumberModel(2);
  readonly #indices = bitModels(2 * ENDS * ENDS);
  readonly #lows = bitModels(ENDS * (LOW + 1));
  readonly #jumps = new SignedModel(2 * ENDS);
  readonly #lengths = new NumberModel(2 * ENDS);
  #index = 0;
  #adjacent = 0;

  constructor(coder: BitCoder) {
    this.#coder = coder;
  }

  code(target: number, source: number, length: number): void {
    const coder = this.#coder;
    this.target += this.length;
    const gap = this.#gaps.code(coder, this.#adjacent, target - this.target);
    this.#adjacent = gap === 0 ? 1 : 0;
    this.target += gap;

    const before = (2 * this.#index + this.#adjacent) * ENDS;
    const index = coder.tree(this.#indices, before, END_BITS, this.#ends.closest(source));
    const low = coder.tree(this.#lows, index * (LOW + 1), LOW_BITS, (source - target) & LOW);
    const context = 2 * index + this.#adjacent;
    const end = this.#ends.get(index);
    const expected = end + ((this.target + low - end) & LOW);
    const jump = this.#jumps.code(coder, context, (source - expected) / (LOW + 1));
    this.source = expected + jump * (LOW + 1);
    this.length = this.#lengths.code(coder, context, length);
    this.#ends.add(this.source, this.length, index);
    this.#index = index;
  }
}
