import { ENCODING_BUDGET } from '@swupd/shared/delta';
import { expect, test } from 'vitest';
import { defaultMemory, MEMORY, pairMemory, taskMemory } from './memory-budget.ts';

const GIB = 2 ** 30;

test.each([
  [GIB, 3 * GIB],
  [6 * GIB, 3 * GIB],
  [16 * GIB, 8 * GIB],
])('a machine of %d bytes gives a build %d', (total, expected) => {
  expect(defaultMemory(total)).toBe(expected);
});

test('whatever the machine, the default allows every pair the same', () => {
  for (const total of [GIB, 4 * GIB, 64 * GIB, 1024 * GIB]) {
    expect(pairMemory(defaultMemory(total))).toBe(ENCODING_BUDGET.memory);
  }
});

test('less memory gives a pair less, and never more than there is', () => {
  for (const memory of [MEMORY.min, 1.5 * GIB, 2 * GIB]) {
    expect(pairMemory(memory)).toBeLessThan(ENCODING_BUDGET.memory);
    expect(pairMemory(memory)).toBeLessThan(memory);
  }
});

test.each([1, 2, 16, 256])('%d threads leave half of the memory for tasks at least', (threads) => {
  for (const memory of [MEMORY.min, 3 * GIB, 64 * GIB]) {
    const tasks = taskMemory(memory, threads);
    expect(tasks).toBeGreaterThanOrEqual(memory / 2);
    expect(tasks).toBeLessThan(memory);
  }
});
