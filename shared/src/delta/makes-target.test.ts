import { expect, it } from 'vitest';
import { bytesOf } from '../byte-string.ts';
import type { DeltaCodec } from './codec.ts';
import { DeltaError } from './delta-error.ts';
import { bytesSource } from './delta-source.ts';
import { makesTarget } from './makes-target.ts';

const TARGET = new Uint8Array(600_000).map((_, index) => index % 251);
const sources = { source: bytesSource(bytesOf('')), target: bytesSource(TARGET) };

/** A codec whose payload is what it gives, in two chunks; an empty one is damaged. */
const literal: DeltaCodec = {
  id: 255,
  name: 'literal',
  compressed: false,
  estimate: () => ({ seconds: 0, memory: 0 }),
  encode: async (_, target) => target,
  async *decode(_, payload) {
    if (payload.length === 0) throw new DeltaError('bad-delta', 'the payload is empty');
    yield payload.subarray(0, 10);
    yield payload.subarray(10);
  },
};

const changed = (index: number): Uint8Array => TARGET.map((byte, at) => (at === index ? byte ^ 1 : byte));

it.each<[string, Uint8Array, boolean]>([
  ['the target', TARGET, true],
  ['another first byte', changed(0), false],
  ['another last byte', changed(TARGET.length - 1), false],
  ['less', TARGET.subarray(0, -1), false],
  ['more', Buffer.concat([TARGET, TARGET.subarray(0, 1)]), false],
  ['damage', new Uint8Array(0), false],
])('a payload that gives %s', async (_, payload, expected) => {
  expect(await makesTarget(literal, payload, sources)).toBe(expected);
});

it('passes on what is no fault of the payload', async () => {
  const torn = { size: TARGET.length, read: () => expect.unreachable() };
  await expect(makesTarget(literal, TARGET, { ...sources, target: torn })).rejects.toThrow();
});
