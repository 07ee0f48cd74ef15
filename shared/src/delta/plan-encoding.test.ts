import { describe, expect, it } from 'vitest';
import { CODECS } from './index.ts';
import { ENCODING_BUDGET, planEncoding } from './plan-encoding.ts';

const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

const namesOf = (...sizes: Parameters<typeof planEncoding>): string[] =>
  planEncoding(...sizes).codecs.map(({ name }) => name);

describe('planEncoding', () => {
  it('tries every codec for a small pair, held in memory', () => {
    const { codecs, windowed, memory, reduced } = planEncoding(MIB, MIB);
    expect(new Set(codecs)).toEqual(new Set(CODECS));
    expect({ windowed, reduced }).toEqual({ windowed: false, reduced: false });
    expect(memory).toBeGreaterThan(2 * MIB);
  });

  it.each([
    [10 * MIB, 10 * MIB],
    [120 * MIB, 120 * MIB],
    [250 * MIB, 250 * MIB],
    [3 * GIB, 3 * GIB],
    [4 * GIB, 4 * GIB],
    [4 * GIB, MIB],
    [MIB, 4 * GIB],
  ])('stays within the memory for %d → %d bytes', (source, target) => {
    const { memory, windowed, codecs } = planEncoding(source, target);
    expect(memory).toBeLessThanOrEqual(ENCODING_BUDGET.memory);
    for (const { estimate } of codecs) {
      const own = estimate(source, target)?.memory ?? Number.POSITIVE_INFINITY;
      expect(windowed ? own : own + source + target).toBeLessThanOrEqual(memory);
    }
  });

  it('stays within six times the pair where that is large', () => {
    for (const size of [32 * MIB, 100 * MIB, 250 * MIB, GIB]) {
      expect(planEncoding(size, size).memory).toBeLessThanOrEqual(6 * 2 * size);
    }
  });

  it('reads in windows what can not be held, and holds nobody back above 4 GiB', () => {
    expect(planEncoding(2 * GIB, 2 * GIB).windowed).toBe(true);
    expect(namesOf(2 * GIB, 2 * GIB)).toContain('zstd-patch');
    expect(namesOf(4 * GIB, 4 * GIB)).toContain('zstd-patch');
    expect(planEncoding(4 * GIB + 1, 4 * GIB)).toMatchObject({ codecs: [], memory: 0 });
    expect(namesOf(MIB, 4 * GIB + 1)).toEqual([]);
  });

  it('tries nothing where the time for a small target goes into a large source', () => {
    expect(namesOf(200 * MIB, 100)).toEqual([]);
  });

  it('goes without the codecs that less memory does not allow, and says so', () => {
    const all = planEncoding(100 * MIB, 100 * MIB);
    const less = planEncoding(100 * MIB, 100 * MIB, 300 * MIB);
    expect(less.memory).toBeLessThanOrEqual(300 * MIB);
    expect(less.codecs.length).toBeLessThan(all.codecs.length);
    expect(less).toMatchObject({ reduced: true, windowed: true });
    expect(namesOf(100 * MIB, 100 * MIB, MIB)).toEqual([]);
  });

  it('is the same for any memory that is enough', () => {
    const pair = [100 * MIB, 100 * MIB] as const;
    expect(planEncoding(...pair, 64 * GIB)).toEqual(planEncoding(...pair));
    expect(planEncoding(...pair, planEncoding(...pair).memory)).toEqual(planEncoding(...pair));
  });
});
