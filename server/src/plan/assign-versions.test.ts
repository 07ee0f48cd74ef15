import type { BundleName } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { assignVersions } from './assign-versions.ts';
import { file, folder, manifest } from './test-entries.ts';

const previous = manifest(
  10,
  folder('etc'),
  file('etc/a', 'a', { version: 5 }),
  file('etc/b', 'b', { version: 10 }),
);
const next = (...entries: Parameters<typeof manifest>[1][]) =>
  assignVersions({ bundle: 'os-core' as BundleName, version: 20, entries }, previous);
const versions = (...entries: Parameters<typeof manifest>[1][]) =>
  next(...entries).entries.map(({ version }) => version);

describe('assignVersions', () => {
  test('gives back the previous manifest itself where nothing changed', () => {
    expect(next(folder('etc'), file('etc/a', 'a'), file('etc/b', 'b'))).toBe(previous);
  });

  test.each([
    ['content', [folder('etc'), file('etc/a', 'A'), file('etc/b', 'b')], [1, 20, 10]],
    ['mode', [folder('etc', 0o700), file('etc/a', 'a'), file('etc/b', 'b')], [20, 5, 10]],
    ['stored size', [folder('etc'), file('etc/a', 'a', { storedSize: 7 }), file('etc/b', 'b')], [1, 20, 10]],
    ['type', [folder('etc'), folder('etc/a'), file('etc/b', 'b')], [1, 20, 10]],
    [
      'an added path',
      [folder('etc'), file('etc/a', 'a'), file('etc/b', 'b'), file('etc/c', 'c')],
      [1, 5, 10, 20],
    ],
  ] as const)('a change of %s gets the new version', (_, entries, expected) => {
    expect(versions(...entries)).toEqual(expected);
  });

  test('a removed path makes a new manifest of old entries', () => {
    const { version, entries } = next(folder('etc'), file('etc/a', 'a'));
    expect([version, ...entries.map((entry) => entry.version)]).toEqual([20, 1, 5]);
  });
});
