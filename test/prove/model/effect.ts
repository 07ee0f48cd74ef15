import type { FileName } from '@swupd/shared';
import type { Metadata, ModelNode, NodeId } from './node.ts';

/** One name of a directory, and the inode that it leads to from now on; undefined for none. */
export interface NameChange {
  readonly directory: NodeId;
  readonly name: FileName;
  readonly node: NodeId | undefined;
}

/** What one system call has changed and no sync has made durable yet. Each is durable as a whole, or not at all. */
export type Effect =
  /**
   * A rename changes two names, in one transaction of the journal. A directory that goes is empty on the disk as well: what
   * happened in `emptied` comes before.
   */
  | {
      readonly kind: 'names';
      readonly changes: readonly NameChange[];
      readonly emptied: NodeId | undefined;
    }
  /** The whole content after a write. What a cut may leave of it: `contents.ts`. */
  | { readonly kind: 'data'; readonly node: NodeId; readonly data: Buffer }
  | { readonly kind: 'metadata'; readonly node: NodeId; readonly metadata: Metadata };

export type NamesEffect = Extract<Effect, { kind: 'names' }>;

export function applyEffect(nodes: Map<NodeId, ModelNode>, effect: Effect): void {
  switch (effect.kind) {
    case 'names':
      for (const change of effect.changes) applyName(nodes, change);
      break;
    case 'data': {
      const node = nodes.get(effect.node);
      if (node?.type === 'file') nodes.set(effect.node, { ...node, data: effect.data });
      break;
    }
    case 'metadata': {
      const node = nodes.get(effect.node);
      if (node !== undefined) nodes.set(effect.node, { ...node, ...effect.metadata });
      break;
    }
  }
}

function applyName(nodes: Map<NodeId, ModelNode>, { directory, name, node }: NameChange): void {
  const parent = nodes.get(directory);
  if (parent?.type !== 'directory') return;
  const names = new Map(parent.names);
  if (node === undefined) names.delete(name);
  else names.set(name, node);
  nodes.set(directory, { ...parent, names });
}

/** The names that an effect changes, for comparison: effects on one name keep their order, others need not. */
export function placesOf({ changes }: NamesEffect): string[] {
  return changes.map(({ directory, name }) => `${directory}/${name}`);
}
