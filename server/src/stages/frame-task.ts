import type { MemberFilter } from '@swupd/manifests';
import { filterX86, releaseBytes } from '@swupd/shared';
import { frameLevel } from '../plan/compression-plan.ts';
import { stageCompressed } from './stage-compressed.ts';
import { readStored, type StoredObject } from './stored-blob.ts';

/** A stored object with what is to be done to its content. */
export interface FrameSource extends StoredObject {
  readonly filter: MemberFilter;
}

/** A frame of a pack that is to be made of some stored objects. */
export interface FrameJob {
  readonly members: readonly FrameSource[];
  readonly target: string;
}

/** Joins the bytes of the members, filtered where that is asked for, and compresses them together; gives the stored size. */
export async function writeFrame({ members, target }: FrameJob): Promise<number> {
  const plain = joinMembers(members);
  const size = await stageCompressed(target, plain, frameLevel(plain.length));
  releaseBytes(plain);
  return size;
}

function joinMembers(members: readonly FrameSource[]): Uint8Array {
  const [only] = members;
  if (only !== undefined && members.length === 1) return readMember(only);
  const size = members.reduce((sum, { plainSize }) => sum + plainSize, 0);
  const plain = Buffer.allocUnsafeSlow(size);
  let offset = 0;
  for (const member of members) {
    const bytes = readMember(member);
    plain.set(bytes, offset);
    offset += bytes.length;
    releaseBytes(bytes);
  }
  return plain;
}

function readMember(member: FrameSource): Uint8Array {
  const bytes = readStored(member);
  if (member.filter === 'none') return bytes;
  const filtered = filterX86(bytes);
  if (filtered === undefined) throw new TypeError(`${member.path} is no program`);
  releaseBytes(bytes);
  return filtered;
}
