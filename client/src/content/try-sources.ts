import { LAYOUT } from '@swupd/manifests';
import { errnoOf, ownName, removeIfThere } from '../disk/index.ts';
import type { Source } from '../plan/choose-sources.ts';
import {
  type DownloadFiles,
  type DownloadRequest,
  type DownloadResult,
  downloadAll,
  type Repository,
} from '../repository/index.ts';
import type { RoundResult, SourceFailure } from './acquire-content.ts';
import { type FrameJob, type FrameJobContext, frameJobs } from './frame-jobs.ts';
import { type RunContext, runFrameJobs } from './run-frame-jobs.ts';

export interface TrySourcesContext extends FrameJobContext, RunContext {
  readonly repository: Repository;
  readonly files: DownloadFiles;
  /** Downloads at a time. */
  readonly parallel: number;
  readonly signal?: AbortSignal;
}

type Download = Exclude<Source, { kind: 'copy' }>;

/** Tries each of the sources: copies within the device, downloads, decodes, verifies. Failures are results, not exceptions. */
export async function trySources(
  sources: readonly Source[],
  context: TrySourcesContext,
): Promise<RoundResult> {
  const copies = sources.filter((source) => source.kind === 'copy');
  const downloads = sources.filter((source): source is Download => source.kind !== 'copy');
  const copied = await copyAll(copies, context);
  const received = await download(downloads, context);
  const unpacked = await unpackAll(received, context);
  return {
    acquired: [...copied.acquired, ...unpacked.acquired],
    failures: [...copied.failures, ...unpacked.failures],
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

async function download(
  sources: readonly Download[],
  context: TrySourcesContext,
): Promise<{ source: Download; result: DownloadResult }[]> {
  if (sources.length === 0) return [];
  const requests = sources.map(requestFor);
  const total = requests.reduce((sum, { size }) => sum + size, 0);
  const results = await downloadAll(context.repository, requests, {
    files: context.files,
    parallel: context.parallel,
    onProgress: (done) => context.progress.report({ stage: 'download', done, total, unit: 'bytes' }),
    ...(context.signal === undefined ? {} : { signal: context.signal }),
  });
  context.progress.finish('download');
  return sources.map((source, i) => ({ source, result: results[i] as DownloadResult }));
}

function requestFor(source: Download): DownloadRequest {
  switch (source.kind) {
    case 'pack':
      return {
        name: LAYOUT.pack(source.pack.digest),
        size: source.pack.size,
        digest: source.pack.digest,
        file: `pack-${source.pack.digest}`,
      };
    case 'delta':
      return {
        name: LAYOUT.delta(source.delta.from, source.delta.to),
        size: source.delta.storedSize,
        file: `delta-${source.delta.from}-${source.delta.to}`,
      };
    case 'fullfile':
      return {
        name: LAYOUT.blob(source.blob.digest),
        size: source.blob.storedSize,
        file: `blob-${source.blob.digest}`,
      };
  }
}

/** Decodes what the sources have brought, and removes the downloads: what is good of them is in the cache. */
async function unpackAll(
  received: readonly { source: Download; result: DownloadResult }[],
  context: TrySourcesContext,
): Promise<RoundResult> {
  const failures: SourceFailure[] = [];
  const jobs: FrameJob[] = [];
  for (const { source, result } of received) {
    if (result.outcome === 'failed') failures.push(failureOf(source.id, result.error));
    else jobs.push(...jobsOf(source, result.request.file, { ...context, failures }));
  }
  try {
    const decoded = await runFrameJobs(jobs, context);
    return { acquired: decoded.acquired, failures: [...failures, ...decoded.failures] };
  } finally {
    for (const { result } of received) {
      if (result.outcome === 'ok') removeIfThere(context.downloads, ownName(result.request.file));
    }
  }
}

/** The jobs of one source; a pack whose index can't be read has none, and counts as failed. */
function jobsOf(
  source: Download,
  file: string,
  context: TrySourcesContext & { readonly failures: SourceFailure[] },
): FrameJob[] {
  try {
    return frameJobs(source, file, context);
  } catch (error) {
    if (errnoOf(error) !== undefined) throw error;
    context.failures.push(failureOf(source.id, error));
    return [];
  }
}

function failureOf(source: string, error: unknown): SourceFailure {
  return { source, reason: error instanceof Error ? error.message : String(error), cause: error };
}
