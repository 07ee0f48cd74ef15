import { errnoOf } from '../disk/index.ts';
import type { Source } from '../plan/source.ts';
import { type DownloadFiles, downloadAll, type Repository } from '../repository/index.ts';
import type { FrameJob, FrameJobContext } from './frame-jobs.ts';
import type { RoundResult, SourceFailure } from './round-result.ts';
import { type RunContext, runFrameJobs } from './run-frame-jobs.ts';
import { type Download, jobsOf, removeTransfer, type Transfer, transfersOf } from './transfers.ts';

export interface TrySourcesContext extends FrameJobContext, RunContext {
  readonly repository: Repository;
  readonly files: DownloadFiles;
  /** Downloads at a time. */
  readonly parallel: number;
  readonly signal?: AbortSignal;
}

/** Tries each of the sources: copies within the device, downloads, decodes, verifies. Failures are results, not exceptions. */
export async function trySources(
  sources: readonly Source[],
  context: TrySourcesContext,
): Promise<RoundResult> {
  const copies = sources.filter((source) => source.kind === 'copy');
  const downloads = sources.filter((source): source is Download => source.kind !== 'copy');
  const copied = await copyAll(copies, context);
  const transfers = downloads.flatMap((source) => transfersOf(source, context.downloads));
  const received = await receiveAll(transfers, context);
  const unpacked = await unpackAll(received.transfers, context);
  return {
    acquired: [...copied.acquired, ...unpacked.acquired],
    failures: [...copied.failures, ...received.failures, ...unpacked.failures],
  };
}

async function copyAll(
  copies: readonly Extract<Source, { kind: 'copy' }>[],
  context: TrySourcesContext,
): Promise<RoundResult> {
  if (copies.length === 0) return { acquired: [], failures: [] };
  const items = copies.map(({ blob, path }) => ({ digest: blob.digest, path }));
  const ids = new Map(copies.map(({ blob, id }) => [blob.digest, id]));
  const { decoded, failed } = await context.executor.copy({ places: context.places, items });
  return {
    acquired: decoded,
    failures: failed.map(({ digest, reason }) => ({ source: ids.get(digest) ?? 'copy', reason })),
  };
}

/** Downloads what is not there yet. Gives the transfers whose bytes are there then. */
async function receiveAll(
  transfers: readonly Transfer[],
  context: TrySourcesContext,
): Promise<{ readonly transfers: readonly Transfer[]; readonly failures: readonly SourceFailure[] }> {
  const open = transfers.filter(({ request }) => request !== undefined);
  const requests = open.flatMap(({ request }) => request ?? []);
  if (requests.length === 0) return { transfers, failures: [] };
  const total = requests.reduce((sum, { size }) => sum + size, 0);
  const results = await downloadAll(context.repository, requests, {
    files: context.files,
    parallel: context.parallel,
    onProgress: (done) => context.progress.report({ stage: 'download', done, total, unit: 'bytes' }),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  context.progress.finish('download');
  const failed = new Map<Transfer, SourceFailure>();
  for (const [i, transfer] of open.entries()) {
    const result = results[i];
    if (result?.outcome === 'failed') failed.set(transfer, failureOf(transfer.source.id, result.error));
  }
  return {
    transfers: transfers.filter((transfer) => !failed.has(transfer)),
    failures: [...failed.values()],
  };
}

/** Decodes what the sources have brought, and removes the downloads: what is good of them is in the cache. */
async function unpackAll(received: readonly Transfer[], context: TrySourcesContext): Promise<RoundResult> {
  const failures: SourceFailure[] = [];
  const jobs: FrameJob[] = [];
  for (const transfer of received) jobs.push(...jobsOrFailure(transfer, { ...context, failures }));
  try {
    const decoded = await runFrameJobs(jobs, context);
    return { acquired: decoded.acquired, failures: [...failures, ...decoded.failures] };
  } finally {
    for (const transfer of received) removeTransfer(transfer, context.downloads);
  }
}

/** The jobs of one transfer; a pack whose index can't be read has none, and counts as failed. */
function jobsOrFailure(
  transfer: Transfer,
  context: TrySourcesContext & { readonly failures: SourceFailure[] },
): FrameJob[] {
  try {
    return jobsOf(transfer, context);
  } catch (error) {
    if (errnoOf(error) !== undefined) throw error;
    context.failures.push(failureOf(transfer.source.id, error));
    return [];
  }
}

function failureOf(source: string, error: unknown): SourceFailure {
  return { source, reason: error instanceof Error ? error.message : String(error), cause: error };
}
