import type { MomBundle, PackRef } from '@swupd/manifests';
import type { ImageBundle } from '../image/find-bundles.ts';
import { filesOf } from '../plan/distinct-blobs.ts';
import type { BundlePlan } from '../plan/plan-bundle.ts';
import type { PlannedPack } from '../plan/release-summary.ts';
import type { BundleDocuments } from './write-manifests.ts';

/** All that was made of one bundle. */
export interface FinishedBundle {
  readonly bundle: ImageBundle;
  readonly plan: BundlePlan;
  readonly documents: BundleDocuments;
  readonly packs: readonly PlannedPack[];
}

/** What the stages have made, each in the order of the bundles; the packs of all bundles one behind the other. */
export interface StageResults {
  readonly plans: readonly BundlePlan[];
  readonly packs: readonly (PackRef | undefined)[];
  readonly documents: readonly BundleDocuments[];
}

/** Puts together what belongs to each bundle. */
export function finishBundles(
  bundles: readonly ImageBundle[],
  { plans, packs, documents }: StageResults,
): FinishedBundle[] {
  const refs = packs.values();
  return plans.map((plan, i) => {
    const bundle = bundles[i];
    const own = documents[i];
    if (bundle === undefined || own === undefined) throw new TypeError('a stage has left out a bundle');
    return {
      bundle,
      plan,
      documents: own,
      packs: plan.packs.map((p) => ({ plan: p, ref: refs.next().value })),
    };
  });
}

/** The line of a bundle in the MoM. */
export function momBundle({ bundle, plan, documents, packs }: FinishedBundle): MomBundle {
  const { to } = plan.update;
  return {
    name: bundle.name,
    version: to.version,
    manifest: documents.manifest,
    entries: to.entries.length,
    contentSize: filesOf(to).reduce((sum, { size }) => sum + size, 0),
    includes: bundle.includes,
    alsoAdd: bundle.alsoAdd,
    description: bundle.description,
    packs: packs.flatMap(({ ref }) => (ref === undefined ? [] : [ref])).sort((a, b) => a.from - b.from),
    differences: documents.differences,
    deltaIndex: documents.deltaIndex,
  };
}
