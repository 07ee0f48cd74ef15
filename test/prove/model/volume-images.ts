import { possibleContents } from './contents.ts';
import { applyEffect, type Effect, type NamesEffect } from './effect.ts';
import { NameOrder } from './name-order.ts';
import type { Metadata, ModelNode, NodeId, Nodes } from './node.ts';
import type { Unsettled } from './volume.ts';

/** In [0, limit). */
export type Below = (limit: number) => number;

/** What is chosen for one inode out of what a cut may leave of it. */
interface Axis {
  readonly node: NodeId;
  /** The last one is what programs saw. */
  readonly choices: readonly (readonly Effect[])[];
}

/** One possible outcome: names that were kept, and the choice of each axis. */
interface Outcome {
  readonly names: ReadonlySet<number>;
  readonly picks: readonly number[];
}

export interface ImageOptions {
  /** How many are worth making. */
  readonly max: number;
  /** Whether to make all corner ones, however many they are. */
  readonly corners: boolean;
  readonly below: Below;
}

/**
 * What a cut may leave of one file system: everything possible where that is at most `max`. Else the corners (all kept, all
 * lost, each single change lost or kept alone, each file torn in each way, all files torn at once) and, up to `max`, outcomes at
 * random; without `corners`, only the first two of them.
 */
export function* volumeImages({ durable, pending }: Unsettled, options: ImageOptions): Generator<Nodes> {
  const names = pending.filter((effect): effect is NamesEffect => effect.kind === 'names');
  const order = new NameOrder(names);
  const axes = axesOf(durable, pending);
  for (const outcome of outcomes(order, axes, options)) yield build(durable, names, axes, outcome);
}

/** Some one thing that a cut may leave of it. */
export function randomVolumeImage({ durable, pending }: Unsettled, below: Below): Nodes {
  const names = pending.filter((effect): effect is NamesEffect => effect.kind === 'names');
  const axes = axesOf(durable, pending);
  return build(durable, names, axes, randomOutcome(new NameOrder(names), axes, below));
}

function build(
  durable: Nodes,
  names: readonly NamesEffect[],
  axes: readonly Axis[],
  outcome: Outcome,
): Nodes {
  const nodes = new Map(durable);
  names.forEach((effect, i) => {
    if (outcome.names.has(i)) applyEffect(nodes, effect);
  });
  axes.forEach(({ choices }, i) => {
    for (const effect of choices[outcome.picks[i] ?? 0] ?? []) applyEffect(nodes, effect);
  });
  return nodes;
}

function* outcomes(
  order: NameOrder,
  axes: readonly Axis[],
  { max, corners, below }: ImageOptions,
): Generator<Outcome> {
  const product = axes.reduce((count, { choices }) => count * choices.length, 1);
  const sets = product > max ? undefined : order.all(max / product);
  if (sets !== undefined) {
    for (const names of sets) for (const picks of allPicks(axes)) yield { names, picks };
    return;
  }
  let count = 0;
  for (const corner of corners ? allCorners(order, axes) : extremes(order, axes)) {
    yield corner;
    count++;
  }
  for (; count < max; count++) yield randomOutcome(order, axes, below);
}

function* allPicks(axes: readonly Axis[]): Generator<number[]> {
  const [first, ...rest] = axes;
  if (first === undefined) yield [];
  else for (const picks of allPicks(rest)) for (let i = 0; i < first.choices.length; i++) yield [i, ...picks];
}

function extremes(order: NameOrder, axes: readonly Axis[]): Outcome[] {
  return [
    { names: order.everything(), picks: axes.map(({ choices }) => choices.length - 1) },
    { names: new Set(), picks: axes.map(() => 0) },
  ];
}

function* allCorners(order: NameOrder, axes: readonly Axis[]): Generator<Outcome> {
  const kept = axes.map(({ choices }) => choices.length - 1);
  const lost = axes.map(() => 0);
  const everything = order.everything();
  yield* extremes(order, axes);
  yield { names: everything, picks: lost };
  for (let i = 0; i < order.size; i++) {
    yield { names: order.largestWithout(i), picks: kept };
    yield { names: order.smallestWith(i), picks: kept };
    yield { names: order.smallestWith(i), picks: lost };
  }
  for (const [axis, { choices }] of axes.entries()) {
    for (let pick = 0; pick < choices.length - 1; pick++)
      yield { names: everything, picks: kept.with(axis, pick) };
    yield { names: everything, picks: lost.with(axis, choices.length - 1) };
  }
  const most = Math.max(...axes.map(({ choices }) => choices.length));
  for (let pick = 1; pick < most - 1; pick++)
    yield { names: everything, picks: kept.map((last) => Math.min(pick, last)) };
}

/** Mostly kept, mostly lost, or half and half. */
function randomOutcome(order: NameOrder, axes: readonly Axis[], below: Below): Outcome {
  const keeps = [1, 4, 7][below(3)] ?? 4;
  const keep = (): boolean => below(8) < keeps;
  const picks = axes.map(({ choices }) => (keep() ? choices.length - 1 : below(choices.length)));
  return { names: order.possible(keep), picks };
}

function axesOf(durable: Nodes, pending: readonly Effect[]): Axis[] {
  const contents = new Map<NodeId, Buffer[]>();
  const metadata = new Map<NodeId, Metadata[]>();
  for (const effect of pending) {
    if (effect.kind === 'data') listIn(contents, effect.node).push(effect.data);
    if (effect.kind === 'metadata') listIn(metadata, effect.node).push(effect.metadata);
  }
  return [
    ...[...contents].map(([node, versions]) => dataAxis(node, durable.get(node), versions)),
    ...[...metadata].map(([node, versions]): Axis => {
      const choices = versions.map((one): Effect[] => [{ kind: 'metadata', node, metadata: one }]);
      return { node, choices: [[], ...choices] };
    }),
  ];
}

function dataAxis(node: NodeId, durable: ModelNode | undefined, versions: readonly Buffer[]): Axis {
  const before = durable?.type === 'file' ? durable.data : Buffer.alloc(0);
  const last = versions.at(-1);
  const others = possibleContents([before, ...versions]).filter((data) => last?.equals(data) !== true);
  const choices = [...others, ...(last === undefined ? [] : [last])];
  return { node, choices: choices.map((data): Effect[] => [{ kind: 'data', node, data }]) };
}

function listIn<T>(lists: Map<NodeId, T[]>, node: NodeId): T[] {
  const list = lists.get(node) ?? [];
  lists.set(node, list);
  return list;
}
