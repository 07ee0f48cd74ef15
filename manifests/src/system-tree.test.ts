import { type ByteString, type RepoPath, sha256 } from '@swupd/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DirectoryEntry, Entry, FileEntry, Manifest, SymlinkEntry } from './entry.ts';
import { mergeManifests } from './system-tree.ts';

const base = { uid: 0, gid: 0, pathClass: 'managed', version: 10, xattrs: [] } as const;
const dir = (path: string, more: Partial<DirectoryEntry> = {}): Entry => ({
  ...base,
  type: 'directory',
  mode: 0o755,
  path: path as RepoPath,
  ...more,
});
const file = (path: string, more: Partial<FileEntry> = {}): Entry => ({
  ...base,
  type: 'file',
  mode: 0o644,
  size: 1,
  storedSize: 1,
  digest: sha256(Buffer.from('x')),
  linkTo: undefined,
  path: path as RepoPath,
  ...more,
});
const link = (path: string, more: Partial<SymlinkEntry> = {}): Entry => ({
  ...base,
  type: 'symlink',
  target: 'x' as ByteString,
  path: path as RepoPath,
  ...more,
});
const manifest = (bundle: string, ...entries: Entry[]): Manifest => ({ bundle, version: 10, entries });

test('all paths of all bundles, in the order of their bytes', () => {
  const tree = mergeManifests([
    manifest('b', dir('usr'), file('usr/b'), file('usr/\xff')),
    manifest('a', dir('usr'), dir('usr/x'), file('usr/x/y'), file('usr-a')),
  ]);
  expect([...tree.keys()]).toEqual(['usr', 'usr-a', 'usr/b', 'usr/x', 'usr/x/y', 'usr/\xff']);
});

test('no bundles, no tree', () => {
  expect(mergeManifests([]).size).toBe(0);
});

test.each<[string, Entry, Entry]>([
  ['the version of the last change', file('p'), file('p', { version: 9 })],
  ['the compressed size', file('p', { size: 5 }), file('p', { size: 5, storedSize: 4 })],
  ['the first of the hard links', file('p'), file('p', { linkTo: 'a' as RepoPath })],
])('bundles may differ in %s', (_, a, b) => {
  expect(mergeManifests([manifest('a', a), manifest('b', b)]).size).toBe(1);
});

test.each<[string, Entry, Entry]>([
  ['content', file('p'), file('p', { digest: sha256(Buffer.from('y')) })],
  ['type', file('p'), dir('p')],
  ['type, file and link', file('p'), link('p')],
  ['target', link('p'), link('p', { target: 'y' as ByteString })],
  ['mode', file('p'), file('p', { mode: 0o600 })],
  ['mode of a directory', dir('p'), dir('p', { mode: 0o700 })],
  ['owner', file('p'), file('p', { uid: 1 })],
  ['group', link('p'), link('p', { gid: 1 })],
  ['path class', file('p'), file('p', { pathClass: 'boot' })],
  [
    'attributes',
    file('p'),
    file('p', { xattrs: [{ name: 'user.a' as ByteString, value: '' as ByteString }] }),
  ],
])('bundles must agree on the %s', (_, a, b) => {
  const details = { path: '/p', bundles: ['a', 'b'] };
  for (const manifests of [
    [manifest('a', a), manifest('b', b)],
    [manifest('b', b), manifest('a', a)],
  ]) {
    expect(() => mergeManifests(manifests)).toThrow(
      expect.objectContaining({ code: 'path-conflict', details }),
    );
  }
});

test.each<[string, Entry[]]>([
  ['nothing', [file('a/b')]],
  ['a missing directory in between', [dir('a'), file('a/b/c')]],
  ['a file', [file('a'), file('a/b')]],
  ['a symbolic link', [link('a', { target: '/etc' as ByteString }), file('a/b')]],
])('a path below %s', (_, entries) => {
  expect(() => mergeManifests([manifest('a', ...entries)])).toThrow(
    expect.objectContaining({ code: 'bad-manifest' }),
  );
});

test('of two hard-link groups the smaller first member is taken, in whatever order the bundles come', () => {
  const variants = [
    file('p'),
    file('p', { linkTo: 'b' as RepoPath }),
    file('p', { linkTo: 'a' as RepoPath }),
  ];
  const bundles = variants.map((entry, i) => manifest(`bundle${i}`, entry));
  fc.assert(
    fc.property(fc.shuffledSubarray(bundles, { minLength: 3 }), (order) => {
      expect(mergeManifests(order).get('p' as RepoPath)).toMatchObject({ linkTo: 'a' });
    }),
  );
});
