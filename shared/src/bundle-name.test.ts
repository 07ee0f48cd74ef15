import { expect, test } from 'vitest';
import { isBundleName, OS_CORE } from './bundle-name.ts';

test.each([OS_CORE, 'a', 'A', '9', 'c++', 'python3.11', 'x_y-z', 'mom', 'Full', 'n'.repeat(100)])(
  '%s is a name',
  (name) => {
    expect(isBundleName(name)).toBe(true);
  },
);

test.each([
  '',
  '.',
  '..',
  '.hidden',
  '-x',
  '_x',
  '+',
  'a/b',
  'a b',
  'a\n',
  'a\0',
  'a\t',
  'a,b',
  'é',
  '\xe9',
  'MoM',
  'full',
  'n'.repeat(101),
])('%j is none', (name) => {
  expect(isBundleName(name)).toBe(false);
});
