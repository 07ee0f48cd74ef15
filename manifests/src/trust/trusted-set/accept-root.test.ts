import { LIMITS } from '@swupd/shared';
import { expect, test } from 'vitest';
import { PRODUCTION } from '../keys/key-policy.ts';
import type { RootInput } from '../metadata/root.ts';
import { acceptRoot } from './accept-root.ts';
import { parseRoot } from './parse-root.ts';
import { EXPIRES, keysOf, openSet, rootOf, signed, TIME } from './test-set.ts';
import { openTrust } from './trusted-set.ts';

const roles = rootOf().roles;
const refused = (code: string): unknown =>
  expect.objectContaining({ code, details: expect.objectContaining({ role: 'root' }) });

function withRootKeys(letters: string, threshold: number): Partial<RootInput> {
  const one = (other: string) => ({ keys: keysOf(other), threshold: 1 });
  return {
    roles: {
      root: { keys: keysOf(letters), threshold },
      timestamp: one('t'),
      snapshot: one('s'),
      targets: one('g'),
    },
  };
}

test('the next root takes the place of the one before, though it has expired', () => {
  const bytes = signed(rootOf({ version: 2, expires: 1 }), 'r');
  expect(acceptRoot(openSet(), bytes).root).toMatchObject({ version: 2, expires: 1, bytes });
});

test.each([
  ['signed by both', 'ra', 'a', 1, 'no error'],
  ['by the old key only', 'r', 'a', 1, 'unsigned-metadata'],
  ['by the new key only', 'a', 'a', 1, 'unsigned-metadata'],
  ['by both keys, where two new ones are needed', 'ra', 'ab', 2, 'unsigned-metadata'],
  ['by all that are needed', 'rab', 'ab', 2, 'no error'],
])('other keys: %s', (_, signers, letters, threshold, code) => {
  const bytes = signed(rootOf({ version: 2, ...withRootKeys(letters, threshold) }), signers);
  if (code === 'no error') expect(acceptRoot(openSet(), bytes).root.version).toBe(2);
  else expect(() => acceptRoot(openSet(), bytes)).toThrow(refused(code));
});

test.each([
  ['the same version', { version: 1 }, 'metadata-mismatch'],
  ['a version between which one is left out', { version: 3 }, 'metadata-mismatch'],
  ['a product where there was none', { version: 2, product: 'p' }, 'wrong-product'],
])('%s', (_, fields, code) => {
  expect(() => acceptRoot(openSet(), signed(rootOf(fields), 'r'))).toThrow(refused(code));
});

test('a product stays what it is', () => {
  const set = openSet({ product: 'p' });
  expect(acceptRoot(set, signed(rootOf({ version: 2, product: 'p' }), 'r')).root.product).toBe('p');
  for (const product of ['q', undefined])
    expect(() =>
      acceptRoot(set, signed(rootOf({ version: 2, ...(product === undefined ? {} : { product }) }), 'r')),
    ).toThrow(
      expect.objectContaining({
        code: 'wrong-product',
        details: { role: 'root', offered: product ?? 'none', wanted: 'p' },
      }),
    );
});

test('a product can not be added', () => {
  expect(() => acceptRoot(openSet(), signed(rootOf({ version: 2, product: 'p' }), 'r'))).toThrow(
    expect.objectContaining({ details: { role: 'root', offered: 'p', wanted: 'none' } }),
  );
});

test('what is malformed, or too long, is not looked at any further', () => {
  expect(() => acceptRoot(openSet(), Buffer.from('{}'))).toThrow(refused('bad-metadata'));
  const long = { ...rootOf({ version: 2 }), more: 'x'.repeat(LIMITS.rootFile) };
  expect(() => acceptRoot(openSet(), signed(long, 'r'))).toThrow(refused('metadata-mismatch'));
});

test('a trust anchor is signed by its own keys', () => {
  expect(parseRoot(signed(rootOf(), 'r'), PRODUCTION)).toMatchObject({ version: 1, expires: EXPIRES });
  for (const bytes of [
    signed(rootOf(), 't'),
    signed({ ...rootOf(), version: 0 }, 'r'),
    signed({ ...rootOf(), roles: { ...(roles as object), root: null } }, 'r'),
    signed({ ...rootOf(), more: 'x'.repeat(LIMITS.rootFile) }, 'r'),
    Buffer.from('{}'),
    Buffer.alloc(0),
  ])
    expect(() => parseRoot(bytes, PRODUCTION)).toThrow(refused('bad-root'));
});

test('a trust anchor of just the largest size', () => {
  const size = signed({ ...rootOf(), more: '' }, 'r').length;
  const fill = (length: number) => signed({ ...rootOf(), more: 'x'.repeat(length - size) }, 'r');
  expect(parseRoot(fill(LIMITS.rootFile), PRODUCTION).version).toBe(1);
  expect(() => parseRoot(fill(LIMITS.rootFile + 1), PRODUCTION)).toThrow(refused('bad-root'));
});

test('the time of a run is the larger of clock and floor', () => {
  const root = signed(rootOf(), 'r');
  const open = (clock: number, floor?: number) =>
    openTrust({ root, clock, policy: PRODUCTION, ...(floor === undefined ? {} : { floor }) });
  expect(open(TIME)).toMatchObject({ clock: TIME, now: TIME });
  expect(open(TIME, TIME + 5)).toMatchObject({ clock: TIME, now: TIME + 5 });
  expect(open(TIME, 5)).toMatchObject({ clock: TIME, now: TIME });
});
