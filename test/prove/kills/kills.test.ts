import { expect, test } from 'vitest';
import { PROOF } from './index.ts';

const COUNT = 24;

test('a killed command leaves the old or the new system, and the next one finds its way', async () => {
  const { tried, broken, figures } = await PROOF.run({ count: COUNT, seed: 1, progress: () => {} });
  expect(broken).toEqual([]);
  expect(tried).toBe(COUNT);
  expect(figures.kills).toBeGreaterThanOrEqual(COUNT);
}, 300_000);
