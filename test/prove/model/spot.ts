import { byteString, bytesOf, type FileName } from '@swupd/shared';
import type { NodeStat } from '../../../client/src/disk/index.ts';
import { BLOCK, type ModelNode, type NodeId, TOP } from './node.ts';
import { SystemError } from './system-error.ts';
import type { Volume } from './volume.ts';

/** An inode of one of the file systems of a model. */
export interface Spot {
  readonly volume: Volume;
  readonly id: NodeId;
}

/** What lstat(2) says. */
export function statOf({ volume, id }: Spot): NodeStat {
  const node = volume.node(id);
  const { type, mode, uid, gid } = node;
  const size = type === 'file' ? node.data.length : type === 'symlink' ? node.target.length : BLOCK;
  return { type, mode, uid, gid, size, device: volume.device, inode: id, links: volume.links(id) };
}

/** A rename that Linux refuses, because of what it would replace. */
export function refuseReplacing(node: ModelNode, old: ModelNode, name: FileName): void {
  if (node.type === 'directory' && old.type !== 'directory') throw new SystemError('ENOTDIR', 'rename', name);
  if (node.type !== 'directory' && old.type === 'directory') throw new SystemError('EISDIR', 'rename', name);
  if (old.type === 'directory' && old.names.size > 0 && old !== node)
    throw new SystemError('ENOTEMPTY', 'rename', name);
}

/** Whether a directory is `id`, or somewhere below it. */
export function isInside({ volume, id: inner }: Spot, id: NodeId): boolean {
  if (inner === id) return true;
  const node = volume.nodes.get(id);
  if (node?.type !== 'directory') return false;
  return [...node.names.values()].some(
    (child) =>
      child !== TOP &&
      volume.nodes.get(child)?.type === 'directory' &&
      isInside({ volume, id: inner }, child),
  );
}

/** The client's library for attributes takes text only: a name that is none has no attributes for it. */
export function isText(name: FileName): boolean {
  const text = bytesOf(name).toString('utf8');
  return byteString(Buffer.from(text, 'utf8')) === (name as string);
}
