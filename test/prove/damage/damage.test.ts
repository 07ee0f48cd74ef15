import { expect, test } from 'vitest';
import { proveWithFault } from '../../support/planted-fault/prove-with-fault.ts';
import { proveDamage } from './prove-damage.ts';

test('verify finds what --fix plans, and a second --fix has nothing to do', async () => {
  const { tried, broken, figures } = await proveDamage({ count: 150, seed: 1, progress: () => {} });
  expect(broken).toEqual([]);
  expect(tried).toBe(150);
  expect(figures.findings).toBeGreaterThan(300);
});

test.each([
  ['obstacles kept', /after --fix, .* is extra/],
  ['owner unchecked', /in the end .* owner is/],
] as const)('a client with the fault "%s" is found', async (fault, complaint) => {
  const { broken } = await proveWithFault({ proof: 'damage', fault, count: 480, seed: 1 });
  expect(broken.map(({ what }) => what).join('\n')).toMatch(complaint);
});
