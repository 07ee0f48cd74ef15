import { expect, test } from 'vitest';
import { PROOF } from './index.ts';

test('an error of a call breaks nothing', async () => {
  const { tried, broken, figures } = await PROOF.run({ count: 1500, seed: 1, progress: () => {} });
  expect(broken.slice(0, 3)).toEqual([]);
  expect(tried).toBeGreaterThan(800);
  expect(figures['failed with a code']).toBeGreaterThan(500);
});
