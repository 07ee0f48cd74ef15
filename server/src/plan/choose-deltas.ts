import type { LooseDelta } from '@swupd/manifests';
import { compareBytes, type Digest } from '@swupd/shared';
import type { FilePair } from './pair-files.ts';

/** What is known of the delta of a pair: its sizes and its codec, or undefined where there is none that gains. */
export type KnownDeltas = ReadonlyMap<
  string,
  { readonly length: number; readonly storedSize: number; readonly codec: string } | undefined
>;

export function pairKey(from: Digest, to: Digest): string {
  return `${from}-${to}`;
}

/** The deltas that exist for some pairs, sorted by `to`, then `from`; each once. */
export function existingDeltas(pairs: readonly FilePair[], known: KnownDeltas): LooseDelta[] {
  const deltas = new Map<string, LooseDelta>();
  for (const { from, to } of pairs) {
    const key = pairKey(from.digest, to.digest);
    const delta = known.get(key);
    if (delta === undefined) continue;
    const { length, storedSize } = delta;
    deltas.set(key, { to: to.digest, from: from.digest, length, storedSize });
  }
  return [...deltas.values()].sort((a, b) => compareBytes(a.to, b.to) || compareBytes(a.from, b.from));
}

/** The smallest of sorted deltas for each blob. */
export function smallestDeltas(deltas: readonly LooseDelta[]): Map<Digest, LooseDelta> {
  const smallest = new Map<Digest, LooseDelta>();
  for (const delta of deltas) {
    const other = smallest.get(delta.to);
    if (other === undefined || delta.storedSize < other.storedSize) smallest.set(delta.to, delta);
  }
  return smallest;
}
