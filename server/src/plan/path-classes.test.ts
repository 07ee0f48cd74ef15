import { type RepoPath, utf8ByteString } from '@swupd/shared';
import { expect, test } from 'vitest';
import { pathClassifier } from './path-classes.ts';

const classOf = pathClassifier({
  boot: ['/boot/**', '/etc/boot.conf'],
  ghost: ['/usr/lib/kernel/**'],
  state: ['/var/**'],
  config: ['/etc/**', '/usr/ü*'],
});

test.each([
  ['usr/bin/a', 'managed'],
  ['etc/a/.hidden', 'config'],
  ['etc/boot.conf', 'boot'],
  ['var/lib/x', 'state'],
  ['usr/lib/kernel/6.1/vmlinuz', 'ghost'],
  ['usr/über', 'config'],
])('%s is %s', (path, expected) => {
  expect(classOf(utf8ByteString(path) as string as RepoPath)).toBe(expected);
});

test('without patterns everything is managed', () => {
  const classOfAll = pathClassifier({ boot: [], ghost: [], state: [], config: [] });
  expect(classOfAll('etc/x' as RepoPath)).toBe('managed');
});
