import { applyEffect, type Effect, type NameChange, placesOf } from './effect.ts';
import { BLOCK, type Metadata, type ModelNode, type NodeId, type Nodes, roomOf, TOP } from './node.ts';
import { SystemError } from './system-error.ts';

export interface VolumeLimits {
  readonly bytes: number;
  readonly nodes: number;
}

export const ROOMY: VolumeLimits = { bytes: 2 ** 40, nodes: 2 ** 20 };

/** What of a file system is on its disk, and what is on its way there. */
export interface Unsettled {
  readonly durable: Nodes;
  readonly pending: readonly Effect[];
}

/**
 * One file system: inodes as programs see them, and beside them as much as is durable. What happens between the two is
 * `Effect`s; a sync makes those durable that it is about. New inodes are durable without a name at once, which nobody can see.
 */
export class Volume {
  readonly device: number;
  readonly limits: VolumeLimits;
  readonly #nodes: Map<NodeId, ModelNode>;
  readonly #links = new Map<NodeId, number>();
  readonly #open = new Map<NodeId, number>();
  #durable: Map<NodeId, ModelNode>;
  #pending: Effect[] = [];
  #next: NodeId;
  #room = 0;

  constructor(device: number, limits: VolumeLimits, nodes: Nodes = EMPTY) {
    this.device = device;
    this.limits = limits;
    this.#nodes = reachable(nodes);
    this.#durable = new Map(this.#nodes);
    this.#next = Math.max(...this.#nodes.keys()) + 1;
    this.#links.set(TOP, 1);
    for (const node of this.#nodes.values()) {
      this.#room += roomOf(node);
      if (node.type === 'directory') for (const id of node.names.values()) this.#link(id, 1);
    }
  }

  get nodes(): Nodes {
    return this.#nodes;
  }

  node(id: NodeId): ModelNode {
    const node = this.#nodes.get(id);
    if (node === undefined) throw new TypeError(`inode ${id} is gone, and somebody still holds it`);
    return node;
  }

  links(id: NodeId): number {
    return this.#links.get(id) ?? 0;
  }

  get freeBytes(): number {
    return Math.max(0, this.limits.bytes - this.#room);
  }

  get freeNodes(): number {
    return Math.max(0, this.limits.nodes - this.#nodes.size);
  }

  /** Makes an inode with its first name. */
  create(node: ModelNode, { directory, name }: Omit<NameChange, 'node'>): NodeId {
    if (this.freeNodes < 1 || this.freeBytes < roomOf(node)) throw new SystemError('ENOSPC', 'create', name);
    const id = this.#next++;
    this.#nodes.set(id, node);
    this.#durable.set(id, node);
    this.#room += roomOf(node);
    this.changeNames([{ directory, name, node: id }]);
    return id;
  }

  /** All of them at once. */
  changeNames(changes: readonly NameChange[]): void {
    const before = changes.map(({ directory, name }) => this.#nameOf(directory, name));
    const emptied = before.find((id) => id !== undefined && this.#goes(id, changes));
    this.#apply({ kind: 'names', changes, emptied });
    for (const { node } of changes) if (node !== undefined) this.#link(node, 1);
    for (const id of before) if (id !== undefined) this.#link(id, -1);
  }

  /** Writes as much as there is room for. */
  setData(id: NodeId, data: Buffer): void {
    const old = this.node(id);
    const room = Math.ceil(data.length / BLOCK) * BLOCK - roomOf(old);
    const fits = room <= this.freeBytes;
    const kept = fits ? data : data.subarray(0, roomOf(old) + Math.floor(this.freeBytes / BLOCK) * BLOCK);
    this.#room += Math.ceil(kept.length / BLOCK) * BLOCK - roomOf(old);
    this.#apply({ kind: 'data', node: id, data: kept });
    if (!fits) throw new SystemError('ENOSPC', 'write', String(id));
  }

  setMetadata(id: NodeId, metadata: Metadata): void {
    this.#apply({ kind: 'metadata', node: id, metadata });
  }

  hold(id: NodeId): void {
    this.#open.set(id, (this.#open.get(id) ?? 0) + 1);
  }

  release(id: NodeId): void {
    this.#open.set(id, (this.#open.get(id) ?? 0) - 1);
    this.#freeIfUnused(id);
  }

  /** As fdatasync(2): content and size, not the name, owner or mode. */
  syncFile(id: NodeId): void {
    this.#settle((effect) => effect.kind === 'data' && effect.node === id);
  }

  /** As fsync(2) of a directory: its names, and those elsewhere that changed in the same transactions or before them. */
  syncDirectory(id: NodeId): void {
    const directories = new Set([id]);
    const places = new Set<string>();
    const needed = new Set<Effect>();
    for (const effect of this.#pending.toReversed()) {
      if (effect.kind !== 'names') continue;
      const own = placesOf(effect);
      const isIn = effect.changes.some(({ directory }) => directories.has(directory));
      if (!isIn && !own.some((one) => places.has(one))) continue;
      needed.add(effect);
      for (const place of own) places.add(place);
      if (effect.emptied !== undefined) directories.add(effect.emptied);
    }
    this.#settle((effect) => needed.has(effect) || (effect.kind === 'metadata' && effect.node === id));
  }

  /** As syncfs(2). */
  syncAll(): void {
    this.#durable = new Map(this.#nodes);
    this.#pending = [];
  }

  /** What a cut at this moment would find. */
  unsettled(): Unsettled {
    return { durable: this.#durable, pending: [...this.#pending] };
  }

  #apply(effect: Effect): void {
    applyEffect(this.#nodes, effect);
    this.#pending.push(effect);
  }

  #settle(isNow: (effect: Effect) => boolean): void {
    const durable = new Map(this.#durable);
    for (const effect of this.#pending) if (isNow(effect)) applyEffect(durable, effect);
    this.#durable = durable;
    this.#pending = this.#pending.filter((effect) => !isNow(effect));
  }

  #goes(id: NodeId, changes: readonly NameChange[]): boolean {
    return this.node(id).type === 'directory' && !changes.some(({ node }) => node === id);
  }

  #nameOf(directory: NodeId, name: NameChange['name']): NodeId | undefined {
    const node = this.#nodes.get(directory);
    return node?.type === 'directory' ? node.names.get(name) : undefined;
  }

  #link(id: NodeId, change: 1 | -1): void {
    this.#links.set(id, this.links(id) + change);
    this.#freeIfUnused(id);
  }

  #freeIfUnused(id: NodeId): void {
    const node = this.#nodes.get(id);
    if (node === undefined || this.links(id) > 0 || (this.#open.get(id) ?? 0) > 0) return;
    this.#nodes.delete(id);
    this.#room -= roomOf(node);
  }
}

const EMPTY: Nodes = new Map([
  [TOP, { type: 'directory', mode: 0o755, uid: 0, gid: 0, xattrs: [], names: new Map() }],
]);

/** Without the inodes that a cut has left without a name, as the check at the next mount frees them. */
function reachable(nodes: Nodes): Map<NodeId, ModelNode> {
  const found = new Map<NodeId, ModelNode>();
  const visit = (id: NodeId): void => {
    const node = nodes.get(id);
    if (node === undefined || found.has(id)) return;
    found.set(id, node);
    if (node.type === 'directory') for (const child of node.names.values()) visit(child);
  };
  visit(TOP);
  return found;
}
