import type { Xattr } from '@swupd/manifests';
import type { ByteString, FileName } from '@swupd/shared';

/** Of an inode, within its file system. */
export type NodeId = number;

export interface Metadata {
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Sorted by name. */
  readonly xattrs: readonly Xattr[];
}

export interface FileNode extends Metadata {
  readonly type: 'file';
  readonly data: Buffer;
}

export interface DirectoryNode extends Metadata {
  readonly type: 'directory';
  readonly names: ReadonlyMap<FileName, NodeId>;
}

export interface SymlinkNode extends Metadata {
  readonly type: 'symlink';
  readonly target: ByteString;
}

/** An inode. It is never changed: a change puts another one in its place, so that states of a disk can share what they have in common. */
export type ModelNode = FileNode | DirectoryNode | SymlinkNode;

/** All inodes of a file system. */
export type Nodes = ReadonlyMap<NodeId, ModelNode>;

/** The inode of a file system's own top. */
export const TOP: NodeId = 2;

export const BLOCK = 4096;

/** Bytes that an inode takes of a file system's room. */
export function roomOf(node: ModelNode): number {
  switch (node.type) {
    case 'file':
      return Math.ceil(node.data.length / BLOCK) * BLOCK;
    case 'directory':
      return BLOCK;
    case 'symlink':
      return 0;
  }
}
