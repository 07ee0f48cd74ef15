import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { readXattrs, writeXattrs } from '@swupd/shared/io';
import type { Random } from '../../fuzz/random.ts';
import { xattr } from '../../support/tree.ts';
import { place } from '../../support/write-tree.ts';
import { PATHS } from './damage-tree.ts';

/** One way to damage what is at a path. Throws what the system says where it can't. */
type Blow = (at: Buffer, random: Random, root: string) => void;

/** Content, modes, owners, types, links, attributes, deletions and additions. */
export const BLOWS: Readonly<Record<string, Blow>> = {
  remove: (at) => rmSync(at, { recursive: true }),
  overwrite: onFile((at) => writeFileSync(at, 'damaged')),
  empty: onFile((at) => truncateSync(at, 0)),
  'cut off': onFile((at, random) => truncateSync(at, random.below(lstatSync(at).size))),
  'append to': onFile((at) => appendFileSync(at, 'x')),
  'turn a bit, and hide it': onFile((at, random) => {
    const { atime, mtime } = lstatSync(at);
    const bytes = readFileSync(at);
    const index = random.below(bytes.length);
    bytes[index] = (bytes[index] ?? 0) ^ (1 << random.below(8));
    writeFileSync(at, bytes);
    utimesSync(at, atime, mtime);
  }),
  'change the mode': (at, random) => {
    // chmod follows links.
    if (!lstatSync(at).isSymbolicLink())
      chmodSync(at, random.pick([0, 0o400, 0o711, 0o755, 0o777, 0o4755, 0o2711, 0o1777]));
  },
  'change the owner': (at, random) => lchownSync(at, random.pick([0, 9]), random.pick([0, 9])),
  'set an attribute': (at, random) => {
    if (lstatSync(at).isSymbolicLink()) return;
    writeXattrs(
      at.toString(),
      [...readXattrs(at.toString()), xattr(random.pick(['user.kind', 'user.new']), 'new')].slice(-2),
    );
  },
  'remove attributes': (at) => {
    if (!lstatSync(at).isSymbolicLink()) writeXattrs(at.toString(), []);
  },
  'add a file': (at) => writeFileSync(at, 'new', { flag: 'wx' }),
  'add a directory': (at) => mkdirSync(at),
  'add a directory with something in it': (at) => {
    mkdirSync(at);
    writeFileSync(Buffer.concat([at, Buffer.from('/inside')]), 'inside');
  },
  'add a link': (at) => symlinkSync('..', at),
  'turn into a file': (at) => {
    rmSync(at, { recursive: true });
    writeFileSync(at, 'another');
  },
  'turn into a directory': (at) => {
    rmSync(at, { recursive: true });
    mkdirSync(at);
  },
  'turn into a directory with something in it': (at) => {
    rmSync(at, { recursive: true });
    mkdirSync(at);
    writeFileSync(Buffer.concat([at, Buffer.from('/inside')]), 'inside');
  },
  'turn into a link': (at, random) => {
    rmSync(at, { recursive: true });
    symlinkSync(random.pick(['usr', '.', 'lib/deep', '/no/such', '../../outside']), at);
  },
  'turn into a pipe': (at) => {
    rmSync(at, { recursive: true });
    execFileSync('mkfifo', [at.toString()]);
  },
  'link to another file': (at, random, root) => {
    const path = random.pick(PATHS);
    const other = place(root, path);
    if (leadsOut(root, path) || !lstatSync(other).isFile()) return;
    rmSync(at, { recursive: true, force: true });
    linkSync(other, at);
  },
  'break a hard link': onFile((at) => {
    const bytes = readFileSync(at);
    const { mode, uid, gid } = lstatSync(at);
    rmSync(at);
    writeFileSync(at, bytes);
    lchownSync(at, uid, gid);
    chmodSync(at, mode & 0o7777);
  }),
  'move away': (at, random, root) => renameSync(at, place(root, `usr/moved-${random.below(100)}`)),
  'move elsewhere': (at, random, root) => {
    const path = random.pick(PATHS);
    if (!leadsOut(root, path)) renameSync(at, place(root, path));
  },
};

/** Only what is a file itself: a link may lead anywhere, and a pipe waits for a reader. */
function onFile(blow: Blow): Blow {
  return (at, random, root) => {
    if (lstatSync(at).isFile()) blow(at, random, root);
  };
}

/** Strikes the tree below `root` once; says what with. What an earlier blow has taken away, or what is in the way, can't be hit. */
export function strike(root: string, random: Random): string {
  const kind = random.pick(Object.keys(BLOWS));
  const path = random.pick(PATHS);
  try {
    if (leadsOut(root, path)) return `${kind}: nothing`;
    BLOWS[kind]?.(place(root, path), random, root);
    return `${kind}: ${JSON.stringify(path)}`;
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!/^E[A-Z_]+$|^ERR_FS_/.test(code) && !/os error/.test(String(error))) throw error;
    return `${kind}: ${JSON.stringify(path)} (in vain)`;
  }
}

/** Whether an earlier blow has put a link into the way to `path`: damage is done to the root only. */
function leadsOut(root: string, path: string): boolean {
  const names = path.split('/').slice(0, -1);
  return names.some((_, depth) => {
    const stats = lstatSync(place(root, names.slice(0, depth + 1).join('/')), { throwIfNoEntry: false });
    return stats?.isSymbolicLink() === true;
  });
}
