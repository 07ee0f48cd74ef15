import { type BigIntStats, lstatSync, readdirSync, readlinkSync } from 'node:fs';
import type { Xattr } from '@swupd/manifests';
import {
  type ByteString,
  byteString,
  bytesOf,
  childOf,
  displayPath,
  displayText,
  type FileName,
  type RepoPath,
} from '@swupd/shared';
import { readXattrs } from '@swupd/shared/io';
import { BuildError } from '../build-error.ts';

interface NodeBase {
  readonly path: RepoPath;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly xattrs: readonly Xattr[];
}

/** What lies at one path of a bundle's folder, before any content is read. */
export type ScannedNode =
  | (NodeBase & { readonly type: 'directory' })
  | (NodeBase & { readonly type: 'symlink'; readonly target: ByteString })
  | (NodeBase & {
      readonly type: 'file';
      readonly size: number;
      /** Changes whenever the content may have. */
      readonly stamp: string;
      /** Device and inode where the file has more than one name. */
      readonly inode: string | undefined;
      /** Whether it changed so shortly before the scan that a later change could leave the stamp as it is. */
      readonly recent: boolean;
    });

export interface WalkRequest {
  /** The bundle's folder as a byte string; a bundle without one has no files. */
  readonly folder: string | undefined;
  /** When the scan started, milliseconds since 1970. */
  readonly started: number;
}

/** A file system's clock ticks in steps of up to two seconds. */
const RACY_NS = 2_000_000_000n;

/**
 * All that lies below a folder, sorted by path bytes. Names may have any bytes. Mode, owner and extended attributes are as on
 * the disk; a file whose path is no UTF-8 shows no extended attributes, since the system calls at hand take text only.
 * @throws BuildError `unsupported-file`
 */
export function walkBundle({ folder, started }: WalkRequest): ScannedNode[] {
  if (folder === undefined) return [];
  const nodes: ScannedNode[] = [];
  const racyFrom = BigInt(Math.floor(started)) * 1_000_000n - RACY_NS;
  const open: (RepoPath | undefined)[] = [undefined];
  while (open.length > 0) {
    const parent = open.pop();
    const names = readdirSync(absolute(folder, parent), { encoding: 'buffer' });
    for (const name of names) {
      const path = childOf(parent, byteString(name) as string as FileName);
      const node = readNode(folder, path, racyFrom);
      if (node.type === 'directory') open.push(path);
      nodes.push(node);
    }
  }
  return nodes.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** The path of `path` below `folder` (both byte strings) as the system wants it. */
export function absolute(folder: string, path: RepoPath | undefined): Buffer {
  return bytesOf(path === undefined ? folder : `${folder}/${path}`);
}

/** What tells whether a file may have changed since it was read. */
export function stampOf(stats: BigIntStats): string {
  return `${stats.dev} ${stats.ino} ${stats.size} ${stats.mtimeNs} ${stats.ctimeNs}`;
}

function readNode(folder: string, path: RepoPath, racyFrom: bigint): ScannedNode {
  const place = absolute(folder, path);
  const stats = lstatSync(place, { bigint: true });
  const base = {
    path,
    mode: Number(stats.mode & 0o7777n),
    uid: Number(stats.uid),
    gid: Number(stats.gid),
  };
  if (stats.isSymbolicLink()) {
    const target = byteString(readlinkSync(place, { encoding: 'buffer' }));
    return { ...base, type: 'symlink', xattrs: [], target };
  }
  if (stats.isDirectory()) return { ...base, type: 'directory', xattrs: xattrsOf(place) };
  if (!stats.isFile()) throw unsupported(folder, path, stats);
  return {
    ...base,
    type: 'file',
    xattrs: xattrsOf(place),
    size: Number(stats.size),
    stamp: stampOf(stats),
    inode: stats.nlink > 1n ? `${stats.dev}:${stats.ino}` : undefined,
    recent: stats.mtimeNs >= racyFrom || stats.ctimeNs >= racyFrom,
  };
}

function xattrsOf(place: Buffer): readonly Xattr[] {
  const text = place.toString('utf8');
  return Buffer.from(text, 'utf8').equals(place) ? readXattrs(text) : [];
}

function unsupported(folder: string, path: RepoPath, stats: BigIntStats): BuildError {
  const kind = stats.isSocket() ? 'a socket' : stats.isFIFO() ? 'a named pipe' : 'a device';
  const place = displayText(`${folder}/${path}`);
  return new BuildError('unsupported-file', `${place} is ${kind}, which can't be delivered`, {
    details: { path: displayPath(path) },
    hint: 'Remove it from the image, and let the device make it when it starts.',
  });
}
