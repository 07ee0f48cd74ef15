import { type FuzzCase, READ_STYLES } from '../fuzz-case.ts';
import type { Mutation } from '../fuzz-target.ts';
import type { Random } from '../random.ts';
import { mutateBytes } from './mutate-bytes.ts';

/** Bytes that a payload or a source grows to: small ones run quickly, and are enough for nearly every branch. */
const LENGTH_MAX = 8 * 1024;
/** Sizes of a target that a case may grow to; a larger one is only announced. */
const TARGET_MAX = 64 * 1024;

/** A copy of `input` with one to a few changes, mostly to its payload. `other` is a case to take parts from. */
export function mutateCase(
  input: FuzzCase,
  other: FuzzCase,
  { random, mutations }: { readonly random: Random; readonly mutations: readonly Mutation[] },
): FuzzCase {
  let changed = input;
  for (let count = 1 + random.below(2 ** random.below(4)); count > 0; count -= 1) {
    const dice = random.below(32);
    if (dice === 0 && random.oneIn(2)) changed = { ...changed, reads: random.pick(READ_STYLES) };
    else if (dice === 0) changed = { ...changed, targetSize: mutateSize(changed.targetSize, random) };
    else if (dice === 1) changed = mutateField('source', changed, { other, random });
    else if (dice < 12 && mutations.length > 0) changed = random.pick(mutations)(changed, random) ?? changed;
    else changed = mutateField('payload', changed, { other, random });
  }
  return changed;
}

function mutateField(
  field: 'source' | 'payload',
  input: FuzzCase,
  { other, random }: { readonly other: FuzzCase; readonly random: Random },
): FuzzCase {
  const numbers = [input.source.length, input.targetSize, input.payload.length];
  return {
    ...input,
    [field]: mutateBytes(input[field], Math.max(LENGTH_MAX, input[field].length), {
      other: other[field],
      numbers,
      random,
    }),
  };
}

function mutateSize(size: number, random: Random): number {
  if (random.oneIn(16)) return random.pick([2 ** 31 - 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 42]);
  if (random.oneIn(4)) return random.below(TARGET_MAX);
  return Math.max(0, size + random.pick([-1, 1, -random.below(64), random.below(64)]));
}
