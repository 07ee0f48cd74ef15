import { type BigIntStats, constants } from 'node:fs';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { checkObjectName, type Repository, type RepositoryOptions } from './repository.ts';
import { aborted, checkSize, RepositoryError, rangeRefused, truncated } from './repository-error.ts';
import { describeUrl } from './repository-url.ts';
import { retryPolicyOf } from './retry-policy.ts';

const CHUNK = 256 * 1024;
/** Not blocking, so that a fifo in the place of a file is refused and not waited for. */
const READ = constants.O_RDONLY | constants.O_NONBLOCK;

/** A repository in a folder: a build machine's own, a mounted image, a USB stick. `base` is a `file:` URL. */
export function fileSource(base: URL, options: RepositoryOptions): Repository {
  const folder = fileURLToPath(base).replace(/\/+$/, '');
  const stats = { requests: 0, bytes: 0 };
  let closed = false;
  return {
    description: describeUrl(base),
    stats,
    retry: retryPolicyOf(options),
    async fetch(name, { offset = 0, etag, length, size, signal } = {}) {
      if (closed || signal?.aborted) throw aborted(name, signal);
      stats.requests++;
      const file: SourceFile = { name, folder, path: `${folder}/${checkObjectName(name)}` };
      const facts = await withFile(file, (handle) => handle.stat({ bigint: true }));
      const tag = entityTag(facts);
      const found = Number(facts.size);
      checkSize(name, found, size);
      const isSame = etag === undefined || etag === tag;
      if (length !== undefined) {
        if (!isSame) throw rangeRefused(name, 'would be of another object');
        if (offset + length > found) throw truncated(name, found, offset + length);
      }
      const start = offset <= found && isSame ? offset : 0;
      const end = length === undefined ? undefined : start + length;
      return { offset: start, etag: tag, body: counted(readFrom(file, { start, end, tag, signal }), stats) };
    },
    async close() {
      closed = true;
    },
  };
}

interface SourceFile {
  readonly name: string;
  readonly folder: string;
  readonly path: string;
}

interface Reading {
  readonly start: number;
  /** Where to stop; undefined is the end of the file. */
  readonly end: number | undefined;
  readonly tag: string;
  readonly signal: AbortSignal | undefined;
}

/** Opens the file only when somebody reads: a body that nobody wants holds nothing. */
async function* readFrom(file: SourceFile, { start, end, tag, signal }: Reading): AsyncGenerator<Uint8Array> {
  const handle = await openFile(file);
  try {
    if (entityTag(await handle.stat({ bigint: true })) !== tag) throw changed(file);
    for (let position = start; ; ) {
      if (signal?.aborted) throw aborted(file.name, signal);
      const room = Math.min(CHUNK, (end ?? Number.POSITIVE_INFINITY) - position);
      if (room === 0) return;
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(room), 0, room, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } catch (error) {
    throw error instanceof RepositoryError ? error : unreadable(file, error);
  } finally {
    await handle.close();
  }
}

async function* counted(
  body: AsyncIterable<Uint8Array>,
  stats: { bytes: number },
): AsyncGenerator<Uint8Array> {
  for await (const chunk of body) {
    stats.bytes += chunk.length;
    yield chunk;
  }
}

async function withFile<T>(file: SourceFile, use: (handle: FileHandle) => Promise<T>): Promise<T> {
  const handle = await openFile(file);
  try {
    return await use(handle);
  } finally {
    await handle.close();
  }
}

async function openFile(file: SourceFile): Promise<FileHandle> {
  let handle: FileHandle;
  try {
    handle = await open(file.path, READ);
  } catch (error) {
    throw await openFailure(file, error);
  }
  const facts = await handle.stat();
  if (facts.isFile()) return handle;
  await handle.close();
  throw unreadable(file, new Error('no regular file'));
}

async function openFailure(file: SourceFile, error: unknown): Promise<RepositoryError> {
  const { name, folder } = file;
  const code = codeOf(error);
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const there = await stat(folder)
      .then((facts) => facts.isDirectory())
      .catch(() => false);
    if (there) {
      return new RepositoryError('not-found', `The repository has no ${name}.`, {
        details: { name },
        hint: 'Check the URL of the repository.',
        cause: error,
      });
    }
    return new RepositoryError('server-unreachable', `There is no folder ${folder}.`, {
      details: { name, folder },
      hint: 'Check the URL of the repository, and that its medium is mounted.',
      cause: error,
    });
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return new RepositoryError('access-refused', `${name} of the repository may not be read.`, {
      details: { name },
      hint: 'Check the permissions of the repository.',
      cause: error,
    });
  }
  return unreadable(file, error);
}

function unreadable({ name }: SourceFile, cause: unknown): RepositoryError {
  return new RepositoryError('unreadable', `${name} of the repository cannot be read (${codeOf(cause)}).`, {
    details: { name, cause: codeOf(cause) },
    hint: 'Check the medium that the repository is on.',
    cause,
  });
}

function changed({ name }: SourceFile): RepositoryError {
  return new RepositoryError('unexpected-answer', `${name} of the repository changed while it was opened.`, {
    details: { name },
    hint: 'Try again.',
  });
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  return error instanceof Error ? error.message : String(error);
}

/** Another file, or the file after a write, has another one. */
function entityTag({ ino, size, mtimeNs }: BigIntStats): string {
  return `"${ino.toString(16)}-${size.toString(16)}-${mtimeNs.toString(16)}"`;
}
