import { expect, test } from 'vitest';
import { isPort } from './is-port.ts';

// The largest port and the number behind it are left out on purpose: `run-mutants.test.ts` finds that nothing tests them.
test.each([
  ['8080', true],
  ['70000', false],
  ['x8080', false],
  ['8080x', false],
])('%s', (text, expected) => {
  expect(isPort(text)).toBe(expected);
});
