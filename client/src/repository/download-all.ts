import { downloadFile } from './download-file.ts';
import type { DownloadFiles } from './download-files.ts';
import type { DownloadRequest } from './part-file.ts';
import type { Repository } from './repository.ts';
import { aborted, hasCode } from './repository-error.ts';

export interface DownloadAllOptions {
  readonly files: DownloadFiles;
  /** Transfers at a time; default 6. */
  readonly parallel?: number;
  readonly signal?: AbortSignal;
  /** Bytes of all requested files that are there. */
  readonly onProgress?: (bytes: number) => void;
}

export type DownloadResult =
  | { readonly request: DownloadRequest; readonly outcome: 'ok' }
  | { readonly request: DownloadRequest; readonly outcome: 'failed'; readonly error: unknown };

/** So many files in a row that a server was too slow or too busy for, each after all retries, and it is left. */
const GIVE_UP = 6;

/**
 * Downloads all files, each to a file of its own, in the order given. One that fails does not stop the others; only when the
 * server cannot be reached any more, goes on being too slow or busy, or refuses to give parts, the ones (or the parts) not begun
 * fail at once with that error.
 * @returns a result per request, in their order
 * @throws RepositoryError `aborted`, when all transfers have ended; what is there stays, for the next run
 */
export async function downloadAll(
  source: Pick<Repository, 'fetch' | 'retry'>,
  requests: readonly DownloadRequest[],
  { files, parallel = 6, signal, onProgress = () => {} }: DownloadAllOptions,
): Promise<DownloadResult[]> {
  const results: DownloadResult[] = [];
  const queue = requests.entries();
  let total = 0;
  let unreachable: unknown;
  let refused: unknown;
  let hopeless = 0;
  const download = async (request: DownloadRequest): Promise<DownloadResult> => {
    const vain = unreachable ?? (request.range === undefined ? undefined : refused);
    if (vain !== undefined) return { request, outcome: 'failed', error: vain };
    let there = 0;
    const onBytes = (bytes: number): void => {
      total += bytes - there;
      there = bytes;
      onProgress(total);
    };
    try {
      await downloadFile(source, request, { files, signal, onBytes });
      hopeless = 0;
      return { request, outcome: 'ok' };
    } catch (error) {
      if (hasCode(error, 'too-slow', 'server-error')) hopeless += 1;
      if (hasCode(error, 'server-unreachable') || hopeless >= GIVE_UP) unreachable ??= error;
      if (hasCode(error, 'range-refused')) refused = error;
      return { request, outcome: 'failed', error };
    }
  };
  const work = async (): Promise<void> => {
    // All workers take from one iterator, so each request is taken once.
    for (const [index, request] of queue) {
      if (signal?.aborted) return;
      results[index] = await download(request);
    }
  };
  await Promise.all(Array.from({ length: Math.min(parallel, requests.length) }, work));
  if (signal?.aborted) throw aborted('the files', signal);
  return results;
}
