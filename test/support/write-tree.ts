import { chmodSync, lchownSync, linkSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { bytesOf } from '@swupd/shared';
import { writeXattrs } from '@swupd/shared/io';
import type { Tree, TreeNode } from './tree.ts';

const UMASK_FREE = 0o755;

/**
 * Makes `tree` below the existing or new folder `top`. Hard links come last, then owners, modes and attributes. What names no owner is
 * this user's. */
export function writeTree(top: string, tree: Tree): void {
  mkdirSync(top, { recursive: true });
  const nodes = Object.entries(tree).sort(([a], [b]) => (a < b ? -1 : 1));
  for (const [path, node] of nodes) {
    makeParents(top, path);
    makeNode(place(top, path), node);
  }
  for (const [path, node] of nodes)
    if (node.type === 'hard-link') linkSync(place(top, node.of), place(top, path));
  for (const [path, node] of nodes.reverse()) setMetadata(top, path, node);
}

/** The path of `path` (a byte string) below the folder `top`, as the system takes it. */
export function place(top: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${top}/`), bytesOf(path)]);
}

function makeParents(top: string, path: string): void {
  const names = path.split('/').slice(0, -1);
  for (let depth = 1; depth <= names.length; depth++) {
    try {
      mkdirSync(place(top, names.slice(0, depth).join('/')));
      chmodSync(place(top, names.slice(0, depth).join('/')), UMASK_FREE);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

function makeNode(at: Buffer, node: TreeNode): void {
  switch (node.type) {
    case 'file':
      writeFileSync(at, node.content);
      break;
    case 'directory':
      mkdirSync(at, { recursive: true });
      break;
    case 'symlink':
      symlinkSync(bytesOf(node.target), at);
      break;
    case 'hard-link':
      break;
  }
}

function setMetadata(top: string, path: string, node: TreeNode): void {
  const at = place(top, path);
  if (node.type === 'hard-link') return;
  lchownSync(at, node.uid ?? process.getuid?.() ?? 0, node.gid ?? process.getgid?.() ?? 0);
  if (node.type === 'symlink') return;
  chmodSync(at, node.mode ?? (node.type === 'file' ? 0o644 : UMASK_FREE));
  if (node.xattrs !== undefined) writeXattrs(at.toString('utf8'), node.xattrs);
}
