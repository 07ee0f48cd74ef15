import { expect, test } from 'vitest';
import { proveHostile } from './prove-hostile.ts';

test('whatever a server does, a device is old or new', async () => {
  const { tried, broken, figures } = await proveHostile({ count: 60, seed: 1, progress: () => {} });
  expect(broken).toEqual([]);
  expect(tried).toBe(60);
  // Else the server was too hostile for anything to be tried, or too kind.
  expect(figures.refused).toBeGreaterThan(25);
  expect(figures.commands).toBeGreaterThan((figures.refused ?? 0) + 25);
});
