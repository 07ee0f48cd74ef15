import type { PackRef } from '@swupd/manifests';
import type { Digest } from '@swupd/shared';
import { brings } from './choose-packs.ts';
import type { SourceChoice } from './choose-sources.ts';
import { COSTS } from './costs.ts';
import type { NeededBlob } from './plan.ts';
import { type BundleSources, downloadSize, type Source, sourceCost } from './source.ts';

/** A pack whose head may show a way that costs less. */
export interface HeadChoice {
  readonly bundle: string;
  readonly pack: PackRef;
  /** Bytes that the head has at most, mostly. */
  readonly guess: number;
}

export interface HeadInput {
  readonly bundles: readonly BundleSources[];
  /** Blobs that the root should have. */
  readonly local: ReadonlyMap<Digest, unknown>;
  /** Packs that have been looked at, and ids of sources that are spent. */
  readonly asked: ReadonlySet<Digest>;
  readonly spent: ReadonlySet<string>;
}

/**
 * The packs that the device needs only a part of, or can't decode all of, where ranges of them may well cost less than what is
 * chosen. Each head costs a request, so it is not for those who need all of a pack, or a few small files. Pure.
 */
export function chooseHeads({ sources }: SourceChoice, input: HeadInput): HeadChoice[] {
  const { bundles, asked, spent } = input;
  const sourceOf = new Map(
    sources
      .filter(({ kind }) => kind !== 'copy')
      .flatMap((source) => broughtBy(source).map(({ digest }) => [digest, source] as const)),
  );
  return bundles.flatMap((offer) => {
    const touched = new Set([...offer.blobs.keys()].flatMap((digest) => sourceOf.get(digest) ?? []));
    if (touched.size === 0) return [];
    return offer.bundle.packs
      .filter(({ from }) => from === 0 || from === offer.installed?.version)
      .filter(({ digest, size }) => size > 0 && !asked.has(digest) && !spent.has(`pack:${digest}`))
      .flatMap((pack) => lookAt(pack, offer, { ...input, sources: [...touched] }));
  });
}

/** The pack, where its head may pay. */
function lookAt(
  pack: PackRef,
  offer: BundleSources,
  input: HeadInput & Pick<SourceChoice, 'sources'>,
): HeadChoice[] {
  const contents = packContents(offer, pack);
  const guess = Math.min(headGuess(pack, contents.size), pack.size);
  const replaced = input.sources.filter((source) =>
    broughtBy(source).every(({ digest }) => contents.has(digest)),
  );
  const present = sumOf(replaced.map(sourceCost));
  const cheaper = present - expectedCost(replaced, pack, contents) - COSTS.request;
  const saved = Math.max(cheaper, spoiledCost(replaced, offer, input));
  const isWorth = saved > COSTS.headWorth * (guess + COSTS.request);
  return isWorth ? [{ bundle: offer.bundle.name, pack, guess }] : [];
}

function broughtBy(source: Source): readonly NeededBlob[] {
  return source.kind === 'pack' || source.kind === 'ranges' ? source.blobs : [source.blob];
}

/** What comes in vain where a pack is fetched as a whole, and files that it starts from have been edited on the device. */
function spoiledCost(sources: readonly Source[], offer: BundleSources, { local }: HeadInput): number {
  const whole = sources.find((source) => source.kind === 'pack' && source.pack.from > 0);
  if (whole === undefined) return 0;
  const old = [...(offer.installed?.blobs ?? [])].filter((digest) => !offer.blobs.has(digest));
  const lost = old.filter((digest) => !local.has(digest)).length;
  return downloadSize(whole) * Math.min(1, lost * COSTS.spoiled);
}

/** The blobs that a pack should have, with the bytes that each has in the repository. */
function packContents(offer: BundleSources, pack: PackRef): ReadonlyMap<Digest, number> {
  return new Map([...offer.blobs].filter(([digest]) => brings(offer, pack, digest)));
}

function headGuess({ from }: PackRef, blobs: number): number {
  return COSTS.headBase + blobs * (from === 0 ? COSTS.zeroHeadEntry : COSTS.headEntry);
}

/** What ranges of the pack should cost instead of these sources, if each blob takes its share of the pack. */
function expectedCost(
  sources: readonly Source[],
  pack: PackRef,
  contents: ReadonlyMap<Digest, number>,
): number {
  const total = sumOf(contents.values());
  const share = (stored: number): number => (total === 0 ? 0 : (stored / total) * pack.size);
  const wanted = sources.flatMap(broughtBy).map(({ storedSize }) => storedSize);
  if (pack.from > 0) return share(sumOf(wanted));
  const large = wanted.filter(hasOwnFrame);
  const inGroups = [...contents.values()].filter((stored) => !hasOwnFrame(stored));
  // Of the large frames of small files, one that is needed comes with all the others, or by itself.
  return share(sumOf(large)) + Math.min(share(sumOf(inGroups)), smallOnes(sources));
}

/** What the small blobs cost now; infinite where they come with others. */
function smallOnes(sources: readonly Source[]): number {
  const withSmall = sources.filter((source) =>
    broughtBy(source).some(({ storedSize }) => !hasOwnFrame(storedSize)),
  );
  const costs = withSmall.map((source) =>
    source.kind === 'pack' || source.kind === 'ranges' ? Number.POSITIVE_INFINITY : sourceCost(source),
  );
  return sumOf(costs);
}

function hasOwnFrame(stored: number): boolean {
  return stored >= COSTS.ownFrame;
}

function sumOf(numbers: Iterable<number>): number {
  let sum = 0;
  for (const number of numbers) sum += number;
  return sum;
}
