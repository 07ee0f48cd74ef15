import { LAYOUT, type Manifest } from '@swupd/manifests';
import type { BundleName } from '@swupd/shared';
import { acquireContent, type ContentInput, previewSources } from '../content/acquire-content.ts';
import { diskDownloads } from '../content/disk-downloads.ts';
import { localBlobs } from '../content/local-blobs.ts';
import { LooseDeltas } from '../content/loose-deltas.ts';
import { PackHeads } from '../content/pack-heads.ts';
import type { SourceFailure } from '../content/round-result.ts';
import { trySources } from '../content/try-sources.ts';
import type { Device } from '../device/device.ts';
import type { SourceChoice } from '../plan/choose-sources.ts';
import { type ChangePlan, type Notice, neededBlobs } from '../plan/plan.ts';
import { fetchPart } from '../repository/index.ts';
import { fetchDocument } from '../stages/fetch-manifests.ts';
import type { HistoryEvent } from '../state/history.ts';
import { type InstalledRecord, isInstalled } from '../state/installed-record.ts';
import { codeOf, noteInHistory } from '../transaction/journal/note-in-history.ts';
import type { ReadBack } from '../transaction/staging/read-back.ts';
import { bundleSources } from './bundle-sources.ts';
import { checkSpace, type SpaceReport } from './check-space.ts';
import { lendKept } from './lend-kept.ts';
import { planRetention } from './plan-retention.ts';
import type { PlannedChange, SystemChange } from './plan-system.ts';
import { pruneKept } from './prune-kept.ts';
import { transact } from './transact.ts';

/** What a plan costs, before it is carried out: exact if no source fails. */
export interface Cost {
  readonly downloadBytes: number;
  readonly requests: number;
  /** Plain size of all files that are put in place. */
  readonly contentBytes: number;
  /** By file system. */
  readonly space: readonly SpaceReport[];
  /** Paths that change, and paths that go. */
  readonly changes: number;
  readonly removals: number;
  /** What is kept of the versions before, for `swupd rollback`. */
  readonly keptBytes: number;
}

export interface ChangeOutcome {
  readonly cost: Cost;
  readonly plan: ChangePlan;
  readonly notices: readonly Notice[];
  /** Sources that failed and were made up for by others; heads of packs that could not be looked at among them. */
  readonly failures: readonly SourceFailure[];
  /** New files that were read from the disk again; undefined where nothing was put on it. */
  readonly readBack?: ReadBack;
}

/** A planned change on its way to the disk. */
export interface ChangeRequest {
  readonly change: SystemChange;
  readonly planned: PlannedChange;
  readonly record: InstalledRecord;
  /** Its name, for the history. */
  readonly command: string;
  /** Bytes that the same command has downloaded for changes before this one. */
  readonly earlierBytes?: number;
  /** Stop after planning: nothing is downloaded or changed. */
  readonly dryRun: boolean;
  /** Stop when all content is in the cache: nothing of the root is changed. */
  readonly downloadOnly?: boolean;
}

/**
 * Carries a planned change out: choose sources ▸ download ▸ stage ▸ journal ▸ apply ▸ commit ▸ delete.
 * @throws DeviceError `no-space`, `content-unavailable`; errors of the disk
 */
export async function changeSystem(device: Device, request: ChangeRequest): Promise<ChangeOutcome> {
  const lent = lendKept(device, request.planned.plan);
  try {
    return await planAndChange(device, request);
  } finally {
    if (request.dryRun) for (const digest of lent) device.cache.remove(digest);
  }
}

async function planAndChange(device: Device, request: ChangeRequest): Promise<ChangeOutcome> {
  const { change, planned, record } = request;
  const { plan } = planned;
  const content = contentOf(device, change, planned);
  const preview = await previewSources(content);
  const retention = planRetention(device, { change, planned, record });
  const space = checkSpace(device, plan, preview);
  const cost = { ...costOf(plan, preview, space), keptBytes: retention.bytes };
  if (request.dryRun) return { cost, plan, notices: plan.notices, failures: content.heads.failures };
  const failures = await acquire(device, request, content);
  if (request.downloadOnly === true) return { cost, plan, notices: plan.notices, failures };
  if (plan.steps.length + plan.removals.length === 0 && isInstalled(device.state.top, record))
    return { cost, plan, notices: plan.notices, failures };
  const { notices, readBack } = await transact(device, {
    planned,
    record,
    retention,
    event: eventOf(device, request),
  });
  if (retention.needed !== undefined) pruneKept(device, retention.needed);
  return { cost, plan, notices: [...plan.notices, ...notices], failures, readBack };
}

function eventOf(device: Device, { change, record, command, earlierBytes = 0 }: ChangeRequest): HistoryEvent {
  const bytes = device.transferred.bytes - earlierBytes;
  return { command, from: change.installed?.mom.version ?? null, to: record.version, bytes };
}

function contentOf(device: Device, change: SystemChange, planned: PlannedChange): ContentInput {
  const bundles = bundleSources(change.target, change.installed);
  const local = localBlobs(planned);
  const deltas = new LooseDeltas({ bundles, local, fetchDocument: (ref) => fetchDocument(device, ref) });
  const heads = new PackHeads({
    bundles,
    local,
    manifestsOf: (bundle) => manifestsOf(bundle, change),
    fetchPart: ({ digest, size: objectSize }, offset, length) =>
      fetchPart(device.repository, LAYOUT.pack(digest), { offset, length, objectSize, ...device.stop }),
  });
  return {
    needed: neededBlobs(planned.plan),
    bundles,
    local,
    deltas,
    heads,
    cache: device.cache,
    downloads: device.state.downloads,
  };
}

async function acquire(
  device: Device,
  request: ChangeRequest,
  content: ContentInput,
): Promise<SourceFailure[]> {
  try {
    return await bringContent(device, request.change, content);
  } catch (cause) {
    noteInHistory(device, {
      ...eventOf(device, request),
      outcome: 'failed',
      cut: false,
      code: codeOf(cause),
    });
    throw cause;
  }
}

function bringContent(device: Device, change: SystemChange, content: ContentInput): Promise<SourceFailure[]> {
  const { root, state, executor, ports } = device;
  const context = {
    get repository() {
      return device.repository;
    },
    files: diskDownloads(state.downloads),
    downloads: state.downloads,
    places: { root: root.reference, downloads: state.downloads.reference, cache: state.cache.reference },
    executor,
    local: content.local,
    manifestsOf: (bundle: string) => manifestsOf(bundle, change),
    parallel: ports.parallel,
    progress: ports.progress,
    ...(ports.signal === undefined ? {} : { signal: ports.signal }),
  };
  return acquireContent({
    ...content,
    tryRound: (sources) => trySources(sources, context),
  });
}

function manifestsOf(
  bundle: string,
  { target, installed }: SystemChange,
): { to: Manifest; from: Manifest | undefined } {
  const to = target.manifests.get(bundle as BundleName);
  if (to === undefined) throw new TypeError(`a pack of ${bundle}, which is not part of the target`);
  return { to, from: installed?.manifests.get(bundle as BundleName) };
}

function costOf(
  plan: ChangePlan,
  { downloadBytes, requests }: SourceChoice,
  space: readonly SpaceReport[],
): Omit<Cost, 'keptBytes'> {
  const contentBytes = plan.steps.reduce(
    (sum, step) => sum + (step.action === 'put-file' ? step.entry.size : 0),
    0,
  );
  const { length: changes } = plan.steps;
  return { downloadBytes, requests, contentBytes, space, changes, removals: plan.removals.length };
}
