import type { PackRef } from '@swupd/manifests';
import type { Digest } from '@swupd/shared';
import { blobsMade } from './pack-layout.ts';
import type { NeededBlob } from './plan.ts';
import { planRanges } from './plan-ranges.ts';
import { type BundleSources, type OpenBlobs, type Source, type SourceInput, sourceCost } from './source.ts';

type PackSource = Extract<Source, { kind: 'pack' | 'ranges' }>;

/** Bundle by bundle, takes the blobs out of `open` that packs, or ranges of them, bring for less than they cost one by one. */
export function choosePacks(
  input: SourceInput,
  open: OpenBlobs,
  loose: ReadonlyMap<Digest, Source>,
): Source[] {
  const sources: Source[] = [];
  for (const offer of input.bundles) {
    for (;;) {
      const best = bestPack(input, offer, { open, loose });
      if (best === undefined) break;
      sources.push(best);
      for (const blob of best.blobs) open.delete(blob.digest);
    }
  }
  return sources;
}

interface OpenChoice {
  readonly open: OpenBlobs;
  readonly loose: ReadonlyMap<Digest, Source>;
}

/** What saves most of what the blobs cost one by one; of equals the smallest. */
function bestPack(
  input: SourceInput,
  offer: BundleSources,
  { open, loose }: OpenChoice,
): PackSource | undefined {
  const wanted = [...open.values()].filter((blob) => offer.blobs.has(blob.digest));
  const looseCost = (digest: Digest): number => {
    const source = loose.get(digest);
    // Without another source a pack is worth any price.
    return source === undefined ? Number.POSITIVE_INFINITY : sourceCost(source);
  };
  const [best] = packSources(input, offer, { wanted, looseCost })
    .map((source) => {
      const alone = source.blobs.reduce((sum, { digest }) => sum + looseCost(digest), 0);
      return { source, cost: sourceCost(source), saved: alone - sourceCost(source) };
    })
    .filter(({ source, saved }) => source.blobs.length > 0 && saved > 0)
    .sort((a, b) => (a.saved === b.saved ? a.cost - b.cost : a.saved < b.saved ? 1 : -1));
  return best?.source;
}

/** The packs of a bundle that may be tried, each as a whole and, where its head is known, in the best ranges. */
function packSources(
  { layouts, local, begun, spent }: SourceInput,
  offer: BundleSources,
  {
    wanted,
    looseCost,
  }: { readonly wanted: readonly NeededBlob[]; readonly looseCost: (digest: Digest) => number },
): PackSource[] {
  const has = (digest: Digest): boolean => local.has(digest);
  return offer.bundle.packs.flatMap((pack): PackSource[] => {
    const id = `pack:${pack.digest}`;
    if (spent.has(id)) return [];
    const layout = layouts.get(pack.digest);
    const inPack = wanted.filter(({ digest }) => brings(offer, pack, digest));
    const common = { bundle: offer.bundle.name, pack };
    const there = begun.get(pack.digest) ?? 0;
    // What is longer than the pack is none of it.
    const rest = there <= pack.size ? pack.size - there : pack.size;
    if (layout === undefined) return [{ ...common, kind: 'pack', id, rest, blobs: inPack }];
    const made = new Set(
      layout.frames.flatMap(({ members }) => members.flatMap((each) => blobsMade(each, has))),
    );
    const whole: PackSource = {
      ...common,
      kind: 'pack',
      id,
      rest,
      blobs: inPack.filter(({ digest }) => made.has(digest)),
    };
    const rangesId = `ranges:${pack.digest}`;
    if (spent.has(rangesId)) return [whole];
    return [
      whole,
      { ...common, kind: 'ranges', id: rangesId, ...planRanges(layout, { wanted: inPack, has, looseCost }) },
    ];
  });
}

/** A pack has all blobs that the manifest it starts from lacks; it is of use only where that manifest is installed. */
export function brings({ installed }: BundleSources, pack: PackRef, digest: Digest): boolean {
  if (pack.from === 0) return true;
  return pack.from === installed?.version && !installed.blobs.has(digest);
}
