import type { FileXattr } from '@swupd/shared/io';

interface Metadata {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly xattrs?: readonly FileXattr[];
}

/** One node of a tree literal. */
export type TreeNode =
  | ({ readonly type: 'file'; readonly content: Uint8Array } & Metadata)
  | ({ readonly type: 'directory' } & Metadata)
  | { readonly type: 'symlink'; readonly target: string; readonly uid?: number; readonly gid?: number }
  /** Another name of the file at `of`. */
  | { readonly type: 'hard-link'; readonly of: string };

/**
 * A tree literal: nodes by path. Paths and link targets are byte strings, so ASCII is written as it is and any other name
 * byte by byte. Directories that are not listed are made with mode 0755.
 */
export type Tree = Readonly<Record<string, TreeNode>>;

export function file(content: string | Uint8Array, metadata: Metadata = {}): TreeNode {
  return { type: 'file', content: Buffer.from(content as string), ...metadata };
}

export function directory(metadata: Metadata = {}): TreeNode {
  return { type: 'directory', ...metadata };
}

export function symlink(target: string, owner: Pick<Metadata, 'uid' | 'gid'> = {}): TreeNode {
  return { type: 'symlink', target, ...owner };
}

export function hardLink(of: string): TreeNode {
  return { type: 'hard-link', of };
}

export function xattr(name: string, value: string): FileXattr {
  return { name, value } as FileXattr;
}
