import { describe, expect, it } from 'vitest';
import type { DeltaCodec } from './codec.ts';
import { CODECS } from './index.ts';
import { inTrialOrder, isHopeless } from './trial-order.ts';

const codecOf = (name: string, id: number): DeltaCodec => {
  const [some] = CODECS;
  if (some === undefined) throw new TypeError('there are no codecs');
  return { ...some, id, name };
};

describe('inTrialOrder', () => {
  it('puts every codec of the registry somewhere, whatever their order is', () => {
    const ordered = inTrialOrder(CODECS);
    expect(new Set(ordered)).toEqual(new Set(CODECS));
    expect(inTrialOrder(CODECS.toReversed())).toEqual(ordered);
  });

  it('tries last what it does not know', () => {
    const unknown = [codecOf('later', 101), codecOf('sooner', 100)];
    const ordered = inTrialOrder([...unknown, ...CODECS]);
    expect(ordered.slice(-2).map(({ name }) => name)).toEqual(['sooner', 'later']);
  });
});

describe('isHopeless', () => {
  const zstdPatch = codecOf('zstd-patch', 2);
  it.each<[string[], boolean, boolean]>([
    [['align'], true, true],
    [['align'], false, false],
    [['vcdiff'], true, false],
    [[], true, false],
    [['inflated'], false, true],
    [['inflated'], true, true],
  ])('zstd-patch after %j, for a program: %j – %j', (made, isProgram, expected) => {
    expect(isHopeless(zstdPatch, new Set(made), isProgram)).toBe(expected);
  });

  it('is never so for a codec without a place', () => {
    expect(isHopeless(codecOf('later', 101), new Set(['align']), true)).toBe(false);
  });
});
