import { DeviceError } from '../device-error.ts';
import type { Directory } from '../disk/index.ts';
import { chooseSources, type SourceChoice } from '../plan/choose-sources.ts';
import type { NeededBlob } from '../plan/plan.ts';
import type { BundleSources, Source } from '../plan/source.ts';
import type { ContentCache } from './content-cache.ts';
import type { LocalBlobs } from './local-blobs.ts';
import type { LooseDeltas } from './loose-deltas.ts';
import { begunPacks } from './pack-files.ts';
import type { PackHeads } from './pack-heads.ts';
import type { RoundResult, SourceFailure } from './round-result.ts';

/** What content can be had from. */
export interface ContentInput {
  readonly needed: readonly NeededBlob[];
  readonly bundles: readonly BundleSources[];
  readonly local: LocalBlobs;
  readonly deltas: LooseDeltas;
  readonly heads: PackHeads;
  readonly cache: ContentCache;
  readonly downloads: Directory;
}

export interface AcquireInput extends ContentInput {
  /** Tries the chosen sources of one round. */
  readonly tryRound: (sources: readonly Source[]) => Promise<RoundResult>;
}

/**
 * Brings all needed blobs into the content cache: chooses the cheapest sources, tries them, and goes on with the next ones
 * for what has failed. What has been verified is never fetched again.
 * @returns what failed on the way
 * @throws DeviceError `content-unavailable`
 */
export async function acquireContent(input: AcquireInput): Promise<SourceFailure[]> {
  const failures: SourceFailure[] = [];
  const spent = new SpentSources();
  let open = unverified(input);
  while (open.length > 0) {
    const choice = await choose(input, open, spent.ids);
    if (choice.sources.length === 0) throw unavailable(choice.missing, failures);
    const round = await input.tryRound(choice.sources);
    spent.add(choice.sources, round.failures);
    failures.push(...round.failures);
    const done = new Set(round.acquired);
    open = open.filter((blob) => !done.has(blob.digest));
  }
  return [...input.heads.failures, ...failures];
}

/** What acquiring will cost, as far as it can be known before it begins: exact if no source fails. */
export function previewSources(input: ContentInput): Promise<SourceChoice> {
  const needed = input.needed.filter((blob) => !input.cache.has(blob.digest));
  return choose(input, needed, new Set());
}

async function choose(
  input: ContentInput,
  needed: readonly NeededBlob[],
  spent: ReadonlySet<string>,
): Promise<SourceChoice> {
  const { bundles, local, deltas, heads } = input;
  const begun = begunPacks(input.downloads);
  const chooseAgain = (): SourceChoice =>
    chooseSources({ needed, bundles, local, deltas: deltas.known, layouts: heads.known, begun, spent });
  const first = chooseAgain();
  const second = (await deltas.extendFor(first)) ? chooseAgain() : first;
  return (await heads.extendFor(second, spent)) ? chooseAgain() : second;
}

/**
 * Sources that need not be tried again. A fullfile is the last resort, and has no digest of its own by which a download could
 * be told to be bad at once: one whose bytes were wrong gets a second chance.
 */
class SpentSources {
  readonly ids = new Set<string>();
  readonly #forgiven = new Set<string>();

  add(sources: readonly Source[], failures: readonly SourceFailure[]): void {
    const wrongBytes = new Set(
      failures.filter(({ cause }) => cause === undefined).map(({ source }) => source),
    );
    for (const { id, kind } of sources) {
      if (kind === 'fullfile' && wrongBytes.has(id) && !this.#forgiven.has(id)) this.#forgiven.add(id);
      else this.ids.add(id);
    }
  }
}

/** The blobs that are not in the cache, where those of an earlier run are verified again. */
function unverified({ needed, cache }: ContentInput): NeededBlob[] {
  const present = new Set(cache.list());
  return needed.filter(({ digest }) => !present.has(digest) || !cache.verify(digest));
}

function unavailable(missing: readonly NeededBlob[], failures: readonly SourceFailure[]): DeviceError {
  const last = failures.at(-1);
  return new DeviceError(
    'content-unavailable',
    `${missing.length} of the needed files could not be had from any source`,
    {
      cause: last?.cause,
      details: { digests: missing.slice(0, 10).map(({ digest }) => digest), failures: failures.slice(-10) },
      hint: 'Nothing has been changed, and what has been downloaded is kept. Try again later.',
    },
  );
}
