import { memberBlobs, memberLength, type PackMember } from '@swupd/manifests';
import {
  type Digest,
  type RepoPath,
  releaseBuffer,
  releaseBytes,
  SwupdError,
  X86Unfilter,
} from '@swupd/shared';
import { decodeDelta } from '@swupd/shared/delta';
import { type Directory, type Disk, ownName } from '../disk/index.ts';
import { ContentCache } from './content-cache.ts';
import { decodeJoint } from './decode-joint.ts';
import type { DecodeResult, DecodeTask } from './decode-task.ts';
import { FrameReader } from './frame-reader.ts';
import { readJointSource } from './joint-source.ts';
import { collectStream, keepStream, skipStream } from './keep-stream.ts';
import { openOldBlob } from './old-blob.ts';

type FullMember = PackMember & { readonly kind: 'full' };
type DeltaMember = PackMember & { readonly kind: 'delta' };
type JointMember = PackMember & { readonly kind: 'joint' };

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
      const here = memberBlobs(member).filter(({ digest }) => wanted.delete(digest));
      if (here.length === 0) {
        await skipStream(session.reader.take(memberLength(member)));
        continue;
      }
      const result = await keepMember(session, { member, wanted: here.map(({ digest }) => digest) });
      decoded.push(...result.decoded);
      failed.push(...result.failed);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    // The frame itself is damaged, so there is nothing to be had behind this point.
    const lost = new Set(task.wanted).difference(new Set(decoded));
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
  /** Where the old blobs should be. */
  readonly paths: ReadonlyMap<Digest, readonly RepoPath[]>;
  close(): Promise<void>;
}

function openSession(disk: Disk, { places, file, offset, frame, deltaSources }: DecodeTask): Session {
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
    return { reader, cache, root, paths: new Map(deltaSources), close };
  } catch (error) {
    closeAll();
    throw error;
  }
}

interface WantedMember {
  readonly member: PackMember;
  /** Blobs of it. */
  readonly wanted: readonly Digest[];
}

/** Puts the wanted content of the next member into the cache. */
async function keepMember(session: Session, { member, wanted }: WantedMember): Promise<DecodeResult> {
  if (member.kind === 'joint') return keepJoint(session, { member, wanted });
  const reason = member.kind === 'full' ? await keepFull(session, member) : await keepDelta(session, member);
  return reason === undefined ? { decoded: wanted, failed: [] } : allFailed(wanted, reason);
}

async function keepDelta(session: Session, member: DeltaMember): Promise<string | undefined> {
  const container = await takeDelta(session, member, member.size);
  if (container === undefined) return TOO_LONG;
  const source = openOldBlob(session.root, member.from, session.paths.get(member.from) ?? []);
  if (source === undefined) return NO_SOURCE;
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

async function keepJoint(
  session: Session,
  { member, wanted }: { readonly member: JointMember; readonly wanted: readonly Digest[] },
): Promise<DecodeResult> {
  const { targets, sources } = member;
  const container = await takeDelta(
    session,
    member,
    targets.reduce((sum, { size }) => sum + size, 0),
  );
  if (container === undefined) return allFailed(wanted, TOO_LONG);
  const source = readJointSource(session.root, sources, ({ digest }) => session.paths.get(digest) ?? []);
  if (source === undefined) return allFailed(wanted, NO_SOURCE);
  const result = await decodeJoint(session.cache, { source, container, targets }, new Set(wanted));
  releaseBytes(source, container);
  return result;
}

const TOO_LONG = 'its delta is larger than what it makes';
const NO_SOURCE = 'what its delta starts from is not on the device as it was';

/** The next member's delta. An honest one is smaller than what it makes; the rest would only fill the memory. */
async function takeDelta(
  { reader }: Session,
  { length }: { readonly length: number },
  size: number,
): Promise<Uint8Array | undefined> {
  if (length <= size) return collectStream(reader.take(length), length);
  await skipStream(reader.take(length));
  return undefined;
}

function allFailed(digests: readonly Digest[], reason: string): DecodeResult {
  return { decoded: [], failed: digests.map((digest) => ({ digest, reason })) };
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
