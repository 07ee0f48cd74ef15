import type { FuzzCase } from './fuzz-case.ts';

/** Executions that a smaller case is worth. */
const TRIES = 2000;

/** A smaller case for which `fails` still holds: parts taken out of the payload, then of the source, halves first. */
export async function minimise(
  input: FuzzCase,
  fails: (input: FuzzCase) => Promise<boolean>,
): Promise<FuzzCase> {
  let smallest = input;
  let tries = TRIES;
  for (const field of ['payload', 'source'] as const) {
    for (let size = smallest[field].length >> 1; size > 0 && tries > 0; size >>= 1) {
      for (let at = 0; at < smallest[field].length && tries > 0; tries -= 1) {
        const bytes = smallest[field];
        const smaller = {
          ...smallest,
          [field]: Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + size)]),
        };
        if (await fails(smaller)) smallest = smaller;
        else at += size;
      }
    }
  }
  return smallest;
}
