import { type RepoPath, sha256 } from '@swupd/shared';
import { expect, test } from 'vitest';
import type { Entry } from './entry.ts';
import { blobsOf } from './manifest-blobs.ts';

const base = { uid: 0, gid: 0, pathClass: 'managed', version: 1, xattrs: [], mode: 0o644 } as const;
const file = (path: string, content: string, linkTo?: string): Entry => ({
  ...base,
  type: 'file',
  path: path as RepoPath,
  size: content.length,
  storedSize: content.length,
  digest: sha256(Buffer.from(content)),
  linkTo: linkTo as RepoPath | undefined,
});

test('each blob once, in the order of the first path that has it', () => {
  const entries = [
    file('a', 'z'),
    { ...base, type: 'directory', path: 'b' as RepoPath } as const,
    file('c', 'y'),
    file('d', 'z'),
    file('e', 'x', 'c'),
  ];
  expect(blobsOf({ bundle: 'b', version: 1, entries })).toEqual(
    ['z', 'y', 'x'].map((content) => ({ digest: sha256(Buffer.from(content)), size: 1, storedSize: 1 })),
  );
});
