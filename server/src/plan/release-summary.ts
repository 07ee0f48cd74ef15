import type { LooseDelta, Mom, MomBundle, PackRef } from '@swupd/manifests';
import type { Digest } from '@swupd/shared';
import { type KnownDeltas, pairKey } from './choose-deltas.ts';
import { groupBy } from './pair-files.ts';
import { jointKey, type MadeJoint } from './plan-joints.ts';
import type { PackPlan } from './plan-packs.ts';

/** A pack as it was planned, and what became of it: undefined where loose objects are no dearer. */
export interface PlannedPack {
  readonly plan: PackPlan;
  readonly ref: PackRef | undefined;
}

/** What was planned for a bundle of the new build. */
export interface SummaryInput {
  readonly plan: { readonly deltas: readonly LooseDelta[] };
  readonly packs: readonly PlannedPack[];
}

export interface CountAndBytes {
  readonly count: number;
  readonly bytes: number;
}

export interface CodecSum extends CountAndBytes {
  readonly codec: string;
  readonly joint: boolean;
}

/** What a build has made, and what it costs a device to get there. Bytes are as they go over the wire. */
export interface ReleaseSummary {
  readonly version: number;
  readonly previous: number;
  readonly bundles: number;
  readonly changedBundles: readonly string[];
  readonly entries: number;
  readonly contentBytes: number;
  /** All blobs of the build, and those that were not published before. */
  readonly blobs: CountAndBytes;
  readonly newBlobs: CountAndBytes;
  readonly deltas: CountAndBytes;
  /** Those between many files, which only packs have; what a pack of the build before has already is not counted again. */
  readonly jointDeltas: CountAndBytes;
  /** Both by the codec that made them, most bytes first. */
  readonly deltaCodecs: readonly CodecSum[];
  /** Pairs of files for which the memory of the build did not allow every codec. */
  readonly reducedDeltas: number;
  readonly packs: CountAndBytes;
  /** An update of all bundles from each earlier build, newest first. */
  readonly updates: readonly { readonly from: number; readonly bytes: number }[];
  /** An installation of all bundles. */
  readonly installBytes: number;
}

export interface SummaryOptions {
  readonly mom: Mom;
  readonly momSize: number;
  /** In the order of the MoM's bundles. */
  readonly bundles: readonly SummaryInput[];
  /** The builds from which updates are served, newest first. */
  readonly window: readonly Mom[];
  readonly deltas: { readonly known: KnownDeltas; readonly reduced: number };
  /** Those of all packs; one that several packs have may come several times. */
  readonly joints: readonly MadeJoint[];
  readonly fullfiles: {
    readonly storedSizes: ReadonlyMap<Digest, number>;
    readonly fresh: ReadonlySet<Digest>;
  };
}

export function summarizeRelease(options: SummaryOptions): ReleaseSummary {
  const { mom, momSize, bundles, window } = options;
  const { storedSizes, fresh } = options.fullfiles;
  const { known, reduced } = options.deltas;
  const loose = bundles.flatMap(({ plan }) => plan.deltas);
  const deltas = new Map(loose.map(({ from, to, storedSize }) => [pairKey(from, to), storedSize]));
  const joints = [...new Map(options.joints.map((joint) => [jointKey(joint), joint])).values()];
  const packs = mom.bundles.flatMap((bundle) => bundle.packs);
  return {
    version: mom.version,
    previous: mom.previous,
    bundles: mom.bundles.length,
    changedBundles: mom.bundles.filter(({ version }) => version === mom.version).map(({ name }) => name),
    entries: sum(mom.bundles.map(({ entries }) => entries)),
    contentBytes: sum(mom.bundles.map(({ contentSize }) => contentSize)),
    blobs: countAndSum([...storedSizes.values()]),
    newBlobs: countAndSum([...fresh].map((digest) => storedSizes.get(digest) ?? 0)),
    deltas: countAndSum([...deltas.values()]),
    jointDeltas: countAndSum(joints.map(({ storedSize }) => storedSize)),
    deltaCodecs: [
      ...sumByCodec(
        [...deltas].map(([key, storedSize]) => ({ codec: known.get(key)?.codec ?? '', storedSize })),
        false,
      ),
      ...sumByCodec(joints, true),
    ].sort(compareSums),
    reducedDeltas: reduced,
    packs: countAndSum(packs.map(({ size }) => size)),
    updates: window.map((prior) => ({
      from: prior.version,
      bytes: momSize + sum(mom.bundles.map((bundle, i) => updateCost(bundle, bundles[i], prior))),
    })),
    installBytes: momSize + sum(mom.bundles.map((bundle, i) => bundleCost(bundle, bundles[i], 0))),
  };
}

function updateCost(bundle: MomBundle, input: SummaryInput | undefined, prior: Mom): number {
  const old = prior.bundles.find(({ name }) => name === bundle.name);
  return old === undefined || old.version === bundle.version ? 0 : bundleCost(bundle, input, old.version);
}

/** Manifest or difference, and the pack; where there is no pack, its members one by one. */
function bundleCost(bundle: MomBundle, input: SummaryInput | undefined, from: number): number {
  const difference = bundle.differences.find((ref) => ref.from === from);
  const planned = input?.packs.find(({ plan }) => plan.from === from);
  const loose =
    planned?.plan.frames.flatMap(({ members }) => members.map(({ storedSize }) => storedSize)) ?? [];
  return (difference?.document ?? bundle.manifest).storedSize + (planned?.ref?.size ?? sum(loose));
}

function sumByCodec(
  deltas: readonly { readonly codec: string; readonly storedSize: number }[],
  joint: boolean,
): CodecSum[] {
  return [...groupBy(deltas, ({ codec }) => codec)].map(([codec, made]) => ({
    codec,
    joint,
    ...countAndSum(made.map(({ storedSize }) => storedSize)),
  }));
}

function compareSums(a: CodecSum, b: CodecSum): number {
  return b.bytes - a.bytes || (a.codec < b.codec ? -1 : 1);
}

function countAndSum(sizes: readonly number[]): CountAndBytes {
  return { count: sizes.length, bytes: sum(sizes) };
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
