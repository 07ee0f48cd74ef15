import type { LooseDelta, Manifest } from '@swupd/manifests';
import { existingDeltas, type KnownDeltas, smallestDeltas } from './choose-deltas.ts';
import type { Programs } from './choose-filters.ts';
import type { BundleUpdate } from './list-updates.ts';
import type { FilePair } from './pair-files.ts';
import { type PackPlan, planPack } from './plan-packs.ts';

/** An update of one bundle from one manifest, with the files that a delta may connect. */
export interface UpdatePairs {
  readonly from: Manifest;
  readonly to: Manifest;
  readonly pairs: readonly FilePair[];
}

/** What the new build offers of one bundle. */
export interface BundlePlan {
  readonly update: BundleUpdate;
  /** All loose deltas towards the manifest's blobs, sorted by `to`, then `from`. */
  readonly deltas: readonly LooseDelta[];
  /** The zero pack, and one from each earlier manifest. */
  readonly packs: readonly PackPlan[];
}

/** What a build knows of its contents. */
export interface ContentFacts {
  readonly deltas: KnownDeltas;
  readonly programs: Programs;
}

/** The offer of a bundle; `pairs` are those of its updates. A pack uses the deltas of its own pairs only. */
export function planBundle(
  update: BundleUpdate,
  pairs: readonly UpdatePairs[],
  { deltas: known, programs }: ContentFacts,
): BundlePlan {
  const { to } = update;
  const zero = planPack({ to, from: undefined, deltas: new Map(), programs });
  const others = pairs.map(({ from, pairs: own }) =>
    planPack({ to, from, deltas: smallestDeltas(existingDeltas(own, known)), programs }),
  );
  const all = pairs.flatMap(({ pairs: own }) => own);
  return { update, deltas: existingDeltas(all, known), packs: [zero, ...others] };
}
