import type { DownloadFiles } from './download-files.ts';
import { type DownloadRequest, PartFile } from './part-file.ts';
import type { Repository } from './repository.ts';
import { hasCode, RepositoryError, tooShort } from './repository-error.ts';
import { withRetries } from './retry-policy.ts';

export interface DownloadOptions {
  readonly files: DownloadFiles;
  readonly signal?: AbortSignal | undefined;
  /** How many bytes of the file are there; fewer than before where it had to start from the beginning. */
  readonly onBytes?: (there: number) => void;
}

type DownloadSource = Pick<Repository, 'fetch' | 'retry'>;

/** An attempt that brings this much starts the count of failures again. Less, and a server could go on for days. */
const PROGRESS = 256 * 1024;

/**
 * Downloads `request.name` to `request.file`, or finishes what an earlier run began. What is complete already costs no
 * request. The file has its final name only with the exact size and, where one is known, the digest; a file without
 * one is unverified, and whoever finds it bad removes it. A part of an object comes as that part, or not at all.
 * @throws RepositoryError `digest-mismatch`, `body-too-long`, `body-too-short`, `truncated`, `range-refused`, and what the
 * source throws, after retries; the system's own errors of writing
 */
export async function downloadFile(
  source: DownloadSource,
  request: DownloadRequest,
  { files, signal, onBytes = () => {} }: DownloadOptions,
): Promise<void> {
  if (isComplete(request, files)) return onBytes(request.size);
  const part = new PartFile(files, request, onBytes);
  await part.resume();
  try {
    await receive(source, request, { part, signal });
    if (part.inPieces && !part.isGood()) {
      await part.restart();
      await receive(source, request, { part, signal });
    }
    if (!part.isGood()) throw mismatch(request);
    await part.finish();
  } catch (error) {
    if (part.position === 0 || hasCode(error, 'digest-mismatch', 'body-too-long')) await part.discard();
    throw error;
  } finally {
    await part.close();
  }
}

function isComplete({ file, size, digest }: DownloadRequest, files: DownloadFiles): boolean {
  return files.sizeOf(file) === size && (digest === undefined || files.hash(file).digest === digest);
}

interface Receiving {
  readonly part: PartFile;
  readonly signal: AbortSignal | undefined;
}

/** Brings the part to its full size. */
async function receive(
  source: DownloadSource,
  request: DownloadRequest,
  receiving: Receiving,
): Promise<void> {
  const { part, signal } = receiving;
  let furthest = part.position;
  const progressed = (): boolean => {
    if (part.position - furthest < PROGRESS) return false;
    furthest = part.position;
    return true;
  };
  const attempt = (): Promise<void> => receiveRest(source, request, receiving);
  await withRetries(source.retry, attempt, { name: request.name, signal, progressed });
}

async function receiveRest(
  source: DownloadSource,
  request: DownloadRequest,
  { part, signal }: Receiving,
): Promise<void> {
  const { name, size } = request;
  if (part.position === size) return;
  try {
    const fetched = await source.fetch(name, fetchOptions(request, part, signal));
    let begun = false;
    for await (const chunk of fetched.body) {
      // Here and not before the loop: what fails inside it also ends the body.
      if (!begun) await beginAt(part, fetched.offset - (request.range?.offset ?? 0), fetched.etag);
      begun = true;
      await part.write(chunk);
    }
  } catch (error) {
    if (part.position > 0 && hasCode(error, 'unexpected-answer', 'range-refused')) {
      // A server that cannot do parts may still do the whole, and one that has another object now the part from its start.
      await part.restart();
      if (hasCode(error, 'range-refused')) return receiveRest(source, request, { part, signal });
    }
    throw error;
  }
  if (part.position < size) throw tooShort(name, part.position, size);
}

async function beginAt(part: PartFile, offset: number, etag: string | undefined): Promise<void> {
  if (offset > 0 && offset === part.position) part.inPieces = true;
  else await part.restart(etag);
}

function fetchOptions(
  { size, range }: DownloadRequest,
  { position, etag }: PartFile,
  signal: AbortSignal | undefined,
): Parameters<Repository['fetch']>[1] {
  return {
    ...(range === undefined
      ? { offset: position, size }
      : { offset: range.offset + position, length: size - position, size: range.objectSize }),
    ...(position === 0 || etag === undefined ? {} : { etag }),
    ...(signal === undefined ? {} : { signal }),
  };
}

function mismatch({ name, digest }: DownloadRequest): RepositoryError {
  return new RepositoryError('digest-mismatch', `${name} is not the file that the build announces.`, {
    details: { name, digest },
    hint: 'Try again later, or from another mirror.',
  });
}
