import type { LooseDelta, Manifest } from '@swupd/manifests';
import { existingDeltas, type KnownDeltas, smallestDeltas } from './choose-deltas.ts';
import type { Programs } from './choose-filters.ts';
import type { BundleUpdate } from './list-updates.ts';
import type { FilePair } from './pair-files.ts';
import type { MadeJoint } from './plan-joints.ts';
import { type PackPlan, planPack } from './plan-packs.ts';

/** An update of one bundle from one manifest, with the files that a delta may connect. */
export interface UpdatePairs {
  readonly from: Manifest;
  readonly to: Manifest;
  readonly pairs: readonly FilePair[];
  /** Further old files that have a part of a new one: of use where a delta starts from several. */
  readonly relatives: readonly FilePair[];
}

/** The same with the joint deltas that its pack is made with. */
export interface UpdateOffer extends UpdatePairs {
  readonly joints: readonly MadeJoint[];
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

/** The offer of a bundle; `offers` are its updates. A pack uses the deltas of its own pairs only. */
export function planBundle(
  update: BundleUpdate,
  offers: readonly UpdateOffer[],
  { deltas: known, programs }: ContentFacts,
): BundlePlan {
  const { to } = update;
  const zero = planPack({ to, from: undefined, deltas: new Map(), joints: [], programs });
  const others = offers.map(({ from, pairs, joints }) =>
    planPack({ to, from, deltas: smallestDeltas(existingDeltas(pairs, known)), joints, programs }),
  );
  const all = offers.flatMap(({ pairs: own }) => own);
  return { update, deltas: existingDeltas(all, known), packs: [zero, ...others] };
}
