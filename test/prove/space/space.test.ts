import { expect, test } from 'vitest';
import { PROOF } from './index.ts';

test('with too little room nothing changes', async () => {
  const { tried, broken, figures } = await PROOF.run({ count: 5, seed: 1, progress: () => {} });
  expect(broken.slice(0, 3)).toEqual([]);
  expect(tried).toBeGreaterThan(200);
  expect(figures['refused before any change']).toBeGreaterThan(50);
});
