import { LAYOUT, memberLength, type PackMember, type SingleMember } from '@swupd/manifests';
import { compareBytes } from '@swupd/shared';
import { compressionMemory } from '../plan/compression-plan.ts';
import type { PackPlan, PlannedMember } from '../plan/plan-packs.ts';
import type { BuildContext } from './build-context.ts';
import { type FileSection, frameKey, type PublishedFrames } from './published-frames.ts';
import { jointName } from './write-joints.ts';

/** A frame that has to be compressed. */
export interface FrameWork {
  readonly key: string;
  readonly members: readonly PlannedMember[];
  /** Plain bytes. */
  readonly bytes: number;
}

/** The frames of some packs, by key: where they lie, and which have to be made first, largest first. */
export interface FrameList {
  readonly there: ReadonlyMap<string, FileSection>;
  readonly missing: readonly FrameWork[];
}

/** Looks for the group frames of `plans` in published packs, and in what this build or a dead attempt at it has staged. */
export function findFrames(
  plans: readonly PackPlan[],
  published: PublishedFrames,
  { writer }: BuildContext,
): FrameList {
  const there = new Map<string, FileSection>();
  const missing = new Map<string, FrameWork>();
  for (const { kind, members } of plans.flatMap(({ frames }) => frames)) {
    if (kind === 'copy') continue;
    const key = frameKey(members.map(({ member }) => member));
    const staged = writer.findScratch(scratchName(key));
    const found = published.get(key) ?? (staged && { path: staged.path, offset: 0, size: staged.storedSize });
    const bytes = members.reduce((sum, { member }) => sum + memberLength(member), 0);
    if (found === undefined) missing.set(key, { key, members, bytes });
    else there.set(key, found);
  }
  const sorted = [...missing.values()].sort((a, b) => b.bytes - a.bytes || compareBytes(a.key, b.key));
  return { there, missing: sorted };
}

/** Compresses frames in worker threads, out of the blobs and deltas that are written; they are found afterwards. */
export async function writeFrames(
  frames: readonly FrameWork[],
  { writer, pool }: BuildContext,
  onDone: (bytes: number) => void,
): Promise<void> {
  const requests = frames.map(({ key, members, bytes }) => ({
    request: {
      members: members.map(({ member }) => ({
        path: objectOf(member),
        plainSize: memberLength(member),
        filter: member.kind === 'full' ? member.filter : 'none',
      })),
      target: writer.scratch(scratchName(key)),
    },
    bytes,
    memory: compressionMemory(bytes),
  }));
  await pool.runAll('writeFrame', requests, onDone);

  function objectOf(member: PackMember): string {
    const found = member.kind === 'joint' ? writer.findScratch(jointName(member)) : findLoose(member);
    if (found === undefined) throw new TypeError('a member of a pack has not been written');
    return found.path;
  }

  function findLoose(member: SingleMember): ReturnType<typeof writer.find> {
    return writer.find(
      member.kind === 'full' ? LAYOUT.blob(member.digest) : LAYOUT.delta(member.from, member.digest),
    );
  }
}

function scratchName(key: string): string {
  return `frames/${key}`;
}
