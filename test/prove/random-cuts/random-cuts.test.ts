import { expect, test } from 'vitest';
import { PROOF } from './index.ts';

test('20,000 random cuts of random commands on random trees break nothing', {
  timeout: 600_000,
}, async () => {
  const { tried, broken, figures } = await PROOF.run({ count: 20_000, seed: 1, progress: () => {} });
  expect(broken.slice(0, 3)).toEqual([]);
  expect(tried).toBe(20_000);
  expect(figures.stories).toBe(200);
});
