import {
  blobsOf,
  type FileEntry,
  type LooseDelta,
  type Manifest,
  type MemberFilter,
  memberLength,
  type PackBlobs,
  type PackMember,
  type SingleMember,
} from '@swupd/manifests';
import { compareBytes, type Digest, nameOf, type RepoPath } from '@swupd/shared';
import { chooseFilters, type Programs } from './choose-filters.ts';
import { COMPRESSION } from './compression-plan.ts';
import { distinctBlobs, filesOf } from './distinct-blobs.ts';
import { fileFamily } from './file-family.ts';
import type { MadeJoint } from './plan-joints.ts';

/** What one pack has to bring. */
export interface PackInput {
  readonly to: Manifest;
  /** Undefined for a zero pack. */
  readonly from: Manifest | undefined;
  /** For a blob of `to`, the smallest delta from a blob of `from`. */
  readonly deltas: ReadonlyMap<Digest, LooseDelta>;
  /** Of blobs of `to` out of blobs of `from`; what they bring needs no delta of its own. */
  readonly joints: readonly MadeJoint[];
  /** Of all blobs of `to`. */
  readonly programs: Programs;
}

/** A member with the bytes that it takes where it is stored on its own. */
export interface PlannedMember<Member extends PackMember = PackMember> {
  readonly member: Member;
  readonly storedSize: number;
}

/** A frame that copies one stored fullfile, or one that is compressed anew over several members. */
export type FramePlan =
  | { readonly kind: 'copy'; readonly members: readonly [PlannedMember<SingleMember>] }
  | { readonly kind: 'group'; readonly members: readonly PlannedMember[] };

export interface PackPlan {
  readonly bundle: string;
  readonly from: number;
  readonly to: number;
  readonly frames: readonly FramePlan[];
  /** The blobs of the two manifests, by whose numbers the pack names its members. */
  readonly blobs: PackBlobs;
  /** Stored bytes of the fullfiles that a device would fetch without the pack. */
  readonly replaces: number;
}

interface Placed extends PlannedMember<SingleMember> {
  readonly path: RepoPath;
  readonly family: string;
}

/** The members and frames of a pack: every blob that `from` does not have, once. Alike members stand together. */
export function planPack({ to, from, deltas, joints, programs }: PackInput): PackPlan {
  const known = new Set(from === undefined ? [] : filesOf(from).map(({ digest }) => digest));
  const wanted = distinctBlobs(filesOf(to)).filter(({ digest }) => !known.has(digest));
  const joint = new Set(joints.flatMap(({ targets }) => targets).map(({ digest }) => digest));
  const single = wanted.filter(({ digest }) => !joint.has(digest));
  const held = single.filter(({ digest, size }) => !deltas.has(digest) && size < COMPRESSION.streamFrom);
  const filtered = chooseFilters(
    held.map(({ digest }) => digest),
    programs,
  );
  const placed = single
    .map((file) => placeFile(file, deltas.get(file.digest), filtered.has(file.digest) ? 'x86' : 'none'))
    .sort(compareMembers);
  const isLarge = ({ member }: Placed): boolean =>
    member.kind === 'full' && member.size >= COMPRESSION.largeMember;
  return {
    bundle: to.bundle,
    from: from?.version ?? 0,
    to: to.version,
    frames: [
      ...groupMembers(placed.filter((one) => !isLarge(one))).map(
        (members): FramePlan => ({ kind: 'group', members }),
      ),
      ...placed.filter(isLarge).map(planLarge),
      ...joints.map(planJoint),
    ],
    blobs: { from: from === undefined ? [] : blobsOf(from), to: blobsOf(to) },
    replaces: wanted.reduce((sum, { storedSize }) => sum + storedSize, 0),
  };
}

/** What would be compressed in vain, or is too large to be held in memory, stays as it is stored. */
function planLarge(one: Placed): FramePlan {
  const { member, storedSize } = one;
  const isFiltered = member.kind === 'full' && member.filter !== 'none';
  const isCopied = member.size >= COMPRESSION.streamFrom || (!isFiltered && storedSize === member.size);
  return { kind: isCopied ? 'copy' : 'group', members: [one] };
}

/** Each has a frame of its own, so that a device may fetch it alone. */
function planJoint({ targets, sources, length, storedSize }: MadeJoint): FramePlan {
  return { kind: 'group', members: [{ member: { kind: 'joint', targets, sources, length }, storedSize }] };
}

function placeFile(file: FileEntry, delta: LooseDelta | undefined, filter: MemberFilter): Placed {
  const { path, digest, size, storedSize } = file;
  const family = fileFamily(file);
  if (delta === undefined)
    return { path, family, storedSize, member: { kind: 'full', filter, digest, size } };
  const member: SingleMember = { kind: 'delta', digest, size, from: delta.from, length: delta.length };
  return { path, family, storedSize: delta.storedSize, member };
}

/** What one frame may hold together: deltas that are compressed already would only spoil the others. */
function kindOf({ member, storedSize }: Placed): string {
  return member.kind === 'delta' && storedSize === member.length ? 'delta, compressed' : member.kind;
}

function compareMembers(a: Placed, b: Placed): number {
  return (
    compareBytes(kindOf(a), kindOf(b)) ||
    compareBytes(a.family, b.family) ||
    compareBytes(nameOf(a.path), nameOf(b.path)) ||
    compareBytes(a.path, b.path)
  );
}

/** Cuts sorted members into portions of one kind and at most `frameMax` bytes. */
function groupMembers(placed: readonly Placed[]): PlannedMember[][] {
  const groups: PlannedMember[][] = [];
  let size = 0;
  let kind: string | undefined;
  for (const one of placed) {
    const { member, storedSize } = one;
    const more = memberLength(member);
    const group = groups.at(-1);
    if (group === undefined || size + more > COMPRESSION.frameMax || kindOf(one) !== kind) {
      groups.push([{ member, storedSize }]);
      size = more;
      kind = kindOf(one);
    } else {
      group.push({ member, storedSize });
      size += more;
    }
  }
  return groups;
}
