import { createHash } from 'node:crypto';
import { lstatSync, readdirSync, readFileSync, readlinkSync, type Stats } from 'node:fs';
import { byteString, displayText } from '@swupd/shared';
import { readXattrs } from '@swupd/shared/io';
import { place } from './write-tree.ts';

/** Everything about one name that the system promises to keep, in comparable form. */
export interface NodeSnapshot {
  readonly type: string;
  readonly mode: string;
  readonly owner: string;
  /** Digest of a file, target of a link. */
  readonly content: string;
  /** `name=value` pairs, values as hexadecimal digits. */
  readonly xattrs: string;
  /** All names of the same inode within the tree; empty for a file of its own. */
  readonly group: string;
}

/** Nodes by path; paths are byte strings. */
export type TreeSnapshot = ReadonlyMap<string, NodeSnapshot>;

export interface SnapshotOptions {
  /** Paths that are left out with all that is below them. */
  readonly except?: readonly string[];
}

/** Reads the whole tree below `top`, following no links. */
export function snapshotTree(top: string, { except = [] }: SnapshotOptions = {}): TreeSnapshot {
  const found = new Map<string, { node: Omit<NodeSnapshot, 'group'>; inode: string }>();
  const groups = new Map<string, string[]>();
  const walk = (folder: string): void => {
    for (const name of readdirSync(place(top, folder), { encoding: 'buffer' })) {
      const path = folder === '' ? byteString(name) : `${folder}/${byteString(name)}`;
      if (except.includes(path)) continue;
      const stats = lstatSync(place(top, path));
      const inode = `${stats.dev}:${stats.ino}`;
      found.set(path, { node: nodeAt(top, path, stats), inode });
      if (stats.isFile()) groups.set(inode, [...(groups.get(inode) ?? []), path]);
      if (stats.isDirectory()) walk(path);
    }
  };
  walk('');
  const sorted = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(
    sorted.map(([path, { node, inode }]) => {
      const members = groups.get(inode) ?? [];
      return [path, { ...node, group: members.length > 1 ? members.sort().join(' ') : '' }];
    }),
  );
}

/** One line for each difference; empty where the trees are the same. */
export function compareTrees(expected: TreeSnapshot, found: TreeSnapshot): string[] {
  const paths = [...new Set([...expected.keys(), ...found.keys()])].sort();
  return paths.flatMap((path) => {
    const [a, b] = [expected.get(path), found.get(path)];
    const name = displayText(path);
    if (a === undefined) return [`${name}: should not be there`];
    if (b === undefined) return [`${name}: missing`];
    return (Object.keys(a) as (keyof NodeSnapshot)[])
      .filter((key) => a[key] !== b[key])
      .map((key) => `${name}: ${key} is ${displayText(b[key])}, not ${displayText(a[key])}`);
  });
}

function nodeAt(top: string, path: string, stats: Stats): Omit<NodeSnapshot, 'group'> {
  const at = place(top, path);
  return {
    type: typeOf(stats),
    mode: stats.isSymbolicLink() ? '' : (stats.mode & 0o7777).toString(8),
    owner: `${stats.uid}:${stats.gid}`,
    content: contentOf(at, stats),
    xattrs: stats.isFile() || stats.isDirectory() ? xattrsOf(at) : '',
  };
}

function typeOf(stats: Stats): string {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}

function contentOf(at: Buffer, stats: Stats): string {
  if (stats.isSymbolicLink()) return byteString(readlinkSync(at, { encoding: 'buffer' }));
  return stats.isFile() ? createHash('sha256').update(readFileSync(at)).digest('hex') : '';
}

/** The library takes text only; names that are none show no attributes. */
function xattrsOf(at: Buffer): string {
  const text = at.toString('utf8');
  if (!Buffer.from(text, 'utf8').equals(at)) return '';
  return readXattrs(text)
    .map(({ name, value }) => `${name}=${Buffer.from(value, 'latin1').toString('hex')}`)
    .join(' ');
}
