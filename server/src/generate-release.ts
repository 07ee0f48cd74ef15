import { join } from 'node:path';
import type { Progress } from '@swupd/shared';
import { readBootId } from '@swupd/shared/io';
import { asBuildError } from './build-error.ts';
import { BuildCache } from './cache/build-cache.ts';
import { findBundles } from './image/find-bundles.ts';
import { KeyRing } from './keys/key-ring.ts';
import type { Environment } from './keys/run-signer.ts';
import type { Signer } from './keys/signer.ts';
import { notBefore } from './metadata/not-before.ts';
import type { RepositoryState } from './metadata/repository-state.ts';
import { listUpdates } from './plan/list-updates.ts';
import { pairMemory, taskMemory } from './plan/memory-budget.ts';
import { planBundle } from './plan/plan-bundle.ts';
import { type ReleaseSummary, summarizeRelease } from './plan/release-summary.ts';
import { type DeltaReport, reportDeltas } from './plan/report-deltas.ts';
import { type JointReport, reportJoints } from './plan/report-joints.ts';
import type { Publication } from './publication/publish-change.ts';
import { withRepository } from './publication/with-repository.ts';
import { takeBuildLock } from './repository/build-lock.ts';
import { checkVersion } from './repository/check-version.ts';
import { listBuilds } from './repository/read-builds.ts';
import { checkRepository } from './repository/read-metadata.ts';
import { RepositoryWriter, takeBackUnfinished } from './repository/repository-writer.ts';
import { assembleManifests, separateBundles } from './stages/assemble-manifests.ts';
import type { BuildContext } from './stages/build-context.ts';
import { choosePairs } from './stages/choose-pairs.ts';
import { findPrograms } from './stages/find-programs.ts';
import { finishBundles, momBundle } from './stages/finish-bundles.ts';
import type { OfferRequest } from './stages/offer-change.ts';
import { checkRelease, publishRelease } from './stages/publish-release.ts';
import { readPriors } from './stages/read-priors.ts';
import { scanTrees } from './stages/scan-trees.ts';
import { checkBuildKeys, signRelease } from './stages/sign-release.ts';
import { StageClock } from './stages/stage-clock.ts';
import { TaskPool } from './stages/task-pool.ts';
import { writeDeltas } from './stages/write-deltas.ts';
import { writeFullfiles } from './stages/write-fullfiles.ts';
import { writeJoints } from './stages/write-joints.ts';
import { writeManifests } from './stages/write-manifests.ts';
import { writePacks } from './stages/write-packs.ts';

/** Paths are absolute. */
export interface BuildOptions {
  readonly repository: string;
  readonly image: string;
  readonly version: number;
  /** Folder of the key files. */
  readonly keys: string;
  /** Keys behind commands, beside those of the folder. */
  readonly signers: readonly Signer[];
  /** The environment of those commands. */
  readonly env: Environment;
  /** Undefined for a build that is not offered yet. */
  readonly offer: OfferRequest | undefined;
  /** Folder for the cache and for staging, on the repository's file system. */
  readonly work: string;
  /** From how many builds before devices can update cheaply. */
  readonly deltas: number;
  /** Worker threads. */
  readonly jobs: number;
  /** Bytes of memory that the build should stay below; see `MEMORY`. */
  readonly memory: number;
  readonly rehash: boolean;
  /** When the build is made, seconds since 1970; part of what is published. */
  readonly time: number;
  /** How long devices may trust the timestamp. */
  readonly expiresDays: number;
  /** Milliseconds since 1970, for stamps and stage times. */
  readonly now: () => number;
  readonly pid: number;
  readonly progress: Progress;
}

export interface BuildResult {
  readonly summary: ReleaseSummary;
  /** What became of each pair of files between which a delta was thought of. */
  readonly deltas: readonly DeltaReport[];
  /** The joint deltas that were kept. */
  readonly joints: readonly JointReport[];
  /** Whether devices see it; undefined for a build that was not to be offered. */
  readonly publication: Publication | undefined;
  /** Milliseconds by stage; not part of what is published. */
  readonly times: Readonly<Record<string, number>>;
}

const DAY = 86_400;

/**
 * Builds, signs and publishes one release. What is published depends on image, repository, keys and `time` only, and below the
 * default on `memory`. Any failure leaves the repository as it was, and the same call can be made again.
 * @throws BuildError; FormatError `path-conflict`; TrustError where the repository's own metadata is not signed
 */
export async function generateRelease(options: BuildOptions): Promise<BuildResult> {
  checkRepository(options.repository);
  const lock = takeBuildLock(`${options.repository}.lock`, options.pid);
  try {
    return await buildLocked(options);
  } catch (error) {
    throw asBuildError(error);
  } finally {
    lock.release();
  }
}

async function buildLocked(options: BuildOptions): Promise<BuildResult> {
  const { repository, version, work, offer, time, progress } = options;
  const state = withRepository(repository, options.pid, (published) => {
    takeBackUnfinished(repository, work);
    return published;
  });
  checkVersion(version, listBuilds(repository)[0] ?? 0);
  const ring = KeyRing.open({ folder: options.keys, signers: options.signers, env: options.env });
  checkBuildKeys(ring, state);
  checkRelease(version, { repository, ring }, { state, offer, time });
  const cache = await BuildCache.open(join(work, 'level'));
  const pool = new TaskPool(options.jobs, taskMemory(options.memory, options.jobs));
  try {
    // Where the system does not say, a text that equals no other run's.
    const bootId = readBootId() ?? String(options.now());
    const writer = RepositoryWriter.open({ repository, work, version, bootId });
    return await runStages(options, {
      state,
      context: { repository, writer, ring, pool, pairMemory: pairMemory(options.memory), cache, progress },
    });
  } finally {
    await pool.close();
    await cache.close();
  }
}

interface Prepared {
  readonly state: RepositoryState;
  readonly context: BuildContext;
}

async function runStages(options: BuildOptions, { state, context }: Prepared): Promise<BuildResult> {
  const { repository, version, time, rehash, now } = options;
  const stages = new StageClock(now);
  const image = findBundles(options.image);
  const { previous, window } = readPriors(repository, state, options.deltas);
  const scanned = await scanTrees(image, context, { version, rehash, started: now() });
  const bundles = separateBundles(scanned.bundles);
  stages.end('scan');

  const fullfiles = await writeFullfiles(scanned.sources, context);
  const programs = await findPrograms(scanned.sources, context);
  const before = previous?.manifests ?? new Map();
  const manifests = assembleManifests(bundles, fullfiles.storedSizes, { version, previous: before });
  stages.end('compress');

  const updates = listUpdates(
    manifests,
    window.map((prior) => prior.manifests),
  );
  const pairs = await choosePairs(updates, context);
  const deltas = await writeDeltas(
    pairs.flatMap((update) => update.pairs),
    context,
  );
  const offers = await writeJoints(pairs, { known: deltas.known, previous }, context);
  const plans = updates.map((update) =>
    planBundle(
      update,
      offers.filter(({ to }) => to === update.to),
      { deltas: deltas.known, programs },
    ),
  );
  // The codecs' threads and tables are of no more use, and the frames of packs take the most memory of all.
  await context.pool.renew();
  stages.end('deltas');

  const packs = await writePacks(
    plans.flatMap((plan) => plan.packs),
    previous,
    context,
  );
  stages.end('packs');

  const documents = plans.map((plan) => writeManifests(plan, context));
  const finished = finishBundles(image.bundles, { plans, packs, documents });
  const mom = { version, previous: previous?.mom.version ?? 0, time, bundles: finished.map(momBundle) };
  const life = options.expiresDays * DAY;
  // Others may have published while this build was made.
  const { signed, publication } = withRepository(repository, options.pid, (published) => {
    const momFile = signRelease(mom, context, published);
    const release = { state: published, offer: options.offer, time: notBefore(published, time), life };
    return { signed: momFile, publication: publishRelease(momFile, context, release) };
  });
  stages.end('publish');
  const summary = summarizeRelease({
    mom,
    momSize: signed.size,
    bundles: finished,
    window: window.map((prior) => prior.mom),
    fullfiles,
    deltas,
    joints: offers.flatMap((offer) => offer.joints),
  });
  const report = reportDeltas(
    pairs.flatMap((update) => update.pairs),
    deltas,
  );
  return { summary, deltas: report, joints: reportJoints(offers), publication, times: stages.times };
}
