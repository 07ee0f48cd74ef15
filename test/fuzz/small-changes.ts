import type { FuzzCase } from './fuzz-case.ts';

/** The case with each single bit of its payload turned, and with its payload cut off at each place. */
export function* smallChanges(input: FuzzCase): Generator<FuzzCase, void, undefined> {
  const { payload } = input;
  for (let length = 0; length < payload.length; length += 1)
    yield { ...input, payload: payload.subarray(0, length) };
  for (let bit = 0; bit < payload.length * 8; bit += 1) {
    const turned = new Uint8Array(payload);
    turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    yield { ...input, payload: turned };
  }
}
