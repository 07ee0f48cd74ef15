import { createHash } from 'node:crypto';
import type { PackMember } from '@swupd/manifests';
import { type Digest, releaseBuffer, releaseBytes, SwupdError, X86Unfilter } from '@swupd/shared';
import { decodeDelta } from '@swupd/shared/delta';
import { type Directory, type Disk, ownName, type ReadableFile } from '../disk/index.ts';
import { ContentCache } from './content-cache.ts';
import type { DecodeResult, DecodeTask } from './decode-task.ts';
import { FrameReader } from './frame-reader.ts';
import { openOldBlob } from './old-blob.ts';

type FullMember = PackMember & { readonly kind: 'full' };
type DeltaMember = PackMember & { readonly kind: 'delta' };

/**
 * Puts the wanted members of one frame into the content cache, each verified by its digest. The frame may be hostile: sizes
 * bound what is read, decompressed and written, and what does not fit is a failure of its members, never an exception.
 * Errors of the disk are exceptions.
 */
export async function decodeFrame(disk: Disk, task: DecodeTask): Promise<DecodeResult> {
  const session = openSession(disk, task);
  const wanted = new Set(task.wanted);
  const decoded: Digest[] = [];
  const failed: { digest: Digest; reason: string }[] = [];
  try {
    for (const member of task.frame.members) {
      if (wanted.size === 0) break;
      if (!wanted.delete(member.digest)) {
        await skip(session.reader.take(storedLength(member)));
        continue;
      }
      const reason = await keepMember(session, task, member);
      if (reason === undefined) decoded.push(member.digest);
      else failed.push({ digest: member.digest, reason });
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The frame itself is damaged, so there is nothing to be had behind this point.
    const lost = new Set([...task.wanted].filter((digest) => !decoded.includes(digest)));
    return { decoded, failed: [...lost].map((digest) => ({ digest, reason: error.message })) };
  } finally {
    await session.close();
  }
  for (const digest of wanted) failed.push({ digest, reason: 'it is not in the frame' });
  return { decoded, failed };
}

interface Session {
  readonly reader: FrameReader;
  readonly cache: ContentCache;
  readonly root: Directory;
  close(): Promise<void>;
}

function openSession(disk: Disk, { places, file, offset, frame }: DecodeTask): Session {
  const open: { close(): void }[] = [];
  const opened = <T extends { close(): void }>(one: T): T => {
    open.unshift(one);
    return one;
  };
  const closeAll = (): void => {
    for (const one of open) one.close();
  };
  try {
    const downloads = opened(disk.openRoot(places.downloads));
    const cache = new ContentCache(opened(disk.openRoot(places.cache)));
    const root = opened(disk.openRoot(places.root));
    const reader = new FrameReader(opened(downloads.openFile(ownName(file))), { offset, frame });
    const close = async (): Promise<void> => {
      await reader.close();
      closeAll();
    };
    return { reader, cache, root, close };
  } catch (error) {
    closeAll();
    throw error;
  }
}

/** Puts the content of the next member into the cache, or gives why it can't. */
async function keepMember(
  session: Session,
  task: DecodeTask,
  member: PackMember,
): Promise<string | undefined> {
  if (member.kind === 'full') return keepFull(session, member);
  // An honest delta is smaller than what it makes; the rest would only fill the memory.
  if (member.length > member.size) {
    await skip(session.reader.take(member.length));
    return 'its delta is larger than itself';
  }
  const container = await collect(session.reader.take(member.length), member.length);
  const source = oldBlobOf(session, task, member);
  if (source === undefined) return 'the file that its delta starts from is not on the device as it was';
  try {
    return await keepStream(session.cache, member, decodeDelta(source, container, member.size));
  } catch (error) {
    if (error instanceof SwupdError) return error.message;
    throw error;
  } finally {
    source.close();
    releaseBytes(container);
  }
}

async function keepFull({ reader, cache }: Session, member: FullMember): Promise<string | undefined> {
  const stored = reader.take(member.size);
  if (member.filter === 'none') return keepStream(cache, member, stored);
  const decoder = new X86Unfilter(member.size);
  const reason = await keepStream(cache, member, unfiltered(stored, decoder));
  return reason !== undefined && decoder.isRejected
    ? 'it is stored as a filtered program, and is none'
    : reason;
}

async function* unfiltered(
  chunks: AsyncIterable<Uint8Array>,
  decoder: X86Unfilter,
): AsyncGenerator<Uint8Array, void, undefined> {
  for await (const chunk of chunks) {
    const settled = decoder.push(chunk);
    yield settled;
    releaseBuffer(settled);
  }
  yield decoder.finish();
}

function oldBlobOf(
  { root }: Session,
  { deltaSources }: DecodeTask,
  member: DeltaMember,
): ReadableFile | undefined {
  const paths = deltaSources.find(([digest]) => digest === member.from)?.[1] ?? [];
  return openOldBlob(root, member.from, paths);
}

/** Writes what comes into the cache, and shows it under its digest if it has that. */
async function keepStream(
  cache: ContentCache,
  { digest, size }: PackMember,
  chunks: AsyncIterable<Uint8Array>,
): Promise<string | undefined> {
  const pending = cache.begin(digest);
  const hash = createHash('sha256');
  let done = 0;
  let isRight = false;
  try {
    for await (const chunk of chunks) {
      done += chunk.length;
      hash.update(chunk);
      pending.write(chunk);
    }
    isRight = done === size && hash.digest('hex') === digest;
  } finally {
    if (!isRight) pending.discard();
  }
  if (isRight) pending.keep(digest);
  return isRight ? undefined : 'its bytes do not have its digest';
}

async function skip(chunks: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const _ of chunks);
}

async function collect(chunks: AsyncIterable<Uint8Array>, size: number): Promise<Uint8Array> {
  const bytes = Buffer.alloc(size);
  let done = 0;
  for await (const chunk of chunks) {
    bytes.set(chunk, done);
    done += chunk.length;
  }
  return bytes;
}

function storedLength(member: PackMember): number {
  return member.kind === 'full' ? member.size : member.length;
}
