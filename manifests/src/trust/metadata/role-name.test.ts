import { expect, test } from 'vitest';
import { fileNameOf, titleOf } from './role-name.ts';

test.each([
  ['stable', 'stable.json'],
  ['stable.1', 'stable.1.json'],
  ['?', '%3F.json'],
  ['#', '%23.json'],
  ['/x', '%2Fx.json'],
  ['../x', '..%2Fx.json'],
  ["!'()*", '%21%27%28%29%2A.json'],
  ['ü', '%C3%BC.json'],
])('%s is in %s', (role, name) => {
  expect(fileNameOf(role)).toBe(name);
});

test('messages name the file', () => {
  expect([titleOf('root'), titleOf('stable')]).toEqual(['the root metadata', 'stable.json']);
});
