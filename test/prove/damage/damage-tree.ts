import { directory, file, hardLink, symlink, type Tree, xattr } from '../../support/tree.ts';

/** One of everything that a manifest can say of a path. */
export const TREE: Tree = {
  'usr/bin/program': file('program'.repeat(900), { mode: 0o755 }),
  'usr/bin/again': hardLink('usr/bin/program'),
  'usr/bin/other': file('other', { mode: 0o4755, uid: 3, gid: 4 }),
  'usr/empty': file(''),
  'usr/folder': directory({ mode: 0o1777 }),
  'usr/lib/deep/er/f': file('f', { mode: 0o600 }),
  'usr/lib/deep/er/g': symlink('f'),
  'usr/lib/deep/h': file('h', {
    uid: 3,
    gid: 4,
    xattrs: [xattr('user.kind', 'a\0b'), xattr('user.more', '')],
  }),
  'usr/lib/i': file('i', { xattrs: [xattr('user.kind', 'i')] }),
  'usr/link': symlink('lib/deep'),
  'usr/dangling': symlink('/no/such'),
  'usr/odd \n\x1b[2J\xff': file('odd'),
  'usr/\xc3\xa9/\x01': file('control'),
};

/** Everything in the tree, and some places where nothing is. */
export const PATHS: readonly string[] = [
  ...Object.keys(TREE),
  ...['usr', 'usr/bin', 'usr/lib', 'usr/lib/deep', 'usr/lib/deep/er', 'usr/\xc3\xa9'],
  ...['usr/new', 'usr/lib/new', 'usr/lib/deep/new', 'usr/folder/new', 'usr/bin/\xfe'],
];
