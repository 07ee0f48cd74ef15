import { type Digest, LIMITS } from '@swupd/shared';
import { badLine, fieldsOf, type Line, parseInteger } from './line-reader.ts';
import type { Blob } from './manifest-blobs.ts';

/** What was done to a blob's bytes before they were compressed: nothing, or `filterX86`. Neither changes their number. */
export type MemberFilter = 'none' | 'x86';

/** A blob as a pack speaks of it; `size` in bytes. */
export type MemberBlob = Pick<Blob, 'digest' | 'size'>;

/** A blob's bytes, the delta that makes them out of a blob that the device has, or one delta that makes several blobs out of several. */
export type PackMember =
  | {
      readonly kind: 'full';
      readonly filter: MemberFilter;
      /** Digest of the blob, not of what the filter made of it. */
      readonly digest: Digest;
      readonly size: number;
    }
  | {
      readonly kind: 'delta';
      readonly digest: Digest;
      readonly size: number;
      readonly from: Digest;
      readonly length: number;
    }
  | {
      readonly kind: 'joint';
      /** What the delta makes, and what it starts from, one behind the other; both in the order of their manifest, each once. */
      readonly targets: readonly MemberBlob[];
      readonly sources: readonly MemberBlob[];
      readonly length: number;
    };

/** A member that brings one blob. */
export type SingleMember = Exclude<PackMember, { kind: 'joint' }>;

/** The blobs of the two manifests that a pack lies between: what it speaks of, it names by its number in these lists. */
export interface PackBlobs {
  readonly from: readonly Blob[];
  readonly to: readonly Blob[];
}

/** The number of each blob in the lists of a pack. */
export interface BlobNumbers {
  readonly from: ReadonlyMap<Digest, number>;
  readonly to: ReadonlyMap<Digest, number>;
}

/** The blobs that a member brings, in the order in which they come out of it. */
export function memberBlobs(member: PackMember): readonly MemberBlob[] {
  return member.kind === 'joint' ? member.targets : [member];
}

/** The blobs that a device must have for a member. */
export function memberSources(member: PackMember): readonly Digest[] {
  switch (member.kind) {
    case 'full':
      return [];
    case 'delta':
      return [member.from];
    case 'joint':
      return member.sources.map(({ digest }) => digest);
  }
}

/** Bytes that a member takes in its frame. */
export function memberLength(member: PackMember): number {
  return member.kind === 'full' ? member.size : member.length;
}

/** Sum of what a frame's members take in it. */
export function membersSize(members: readonly PackMember[]): number {
  return members.reduce((sum, member) => sum + memberLength(member), 0);
}

/** The line of a member, without its end. @throws TypeError where the manifests don't have one of its blobs */
export function formatMember(member: PackMember, { from, to }: BlobNumbers): string {
  switch (member.kind) {
    case 'full':
      return `${member.filter === 'x86' ? 'x86' : 'full'}\t${numberOf(to, member)}`;
    case 'delta':
      return `delta\t${numberOf(to, member)}\t${numberOf(from, { digest: member.from })}\t${member.length}`;
    case 'joint':
      return `joint\t${formatNumbers(to, member.targets)}\t${formatNumbers(from, member.sources)}\t${member.length}`;
  }
}

/** @throws FormatError `bad-manifest` */
export function parseMember(line: Line, { from, to }: PackBlobs): PackMember {
  const [kind] = line.fields;
  if (kind === 'full' || kind === 'x86') {
    const { digest, size } = numbered(to, fieldsOf(line, 2)[1], line);
    return { kind: 'full', filter: kind === 'x86' ? 'x86' : 'none', digest, size };
  }
  if (kind === 'delta') {
    const [, number, source, length] = fieldsOf(line, 4);
    const { digest, size } = numbered(to, number, line);
    return {
      kind: 'delta',
      digest,
      size,
      from: numbered(from, source, line).digest,
      length: parseInteger(length, line, LIMITS.fileSize),
    };
  }
  if (kind === 'joint') {
    const [, targets, sources, length] = fieldsOf(line, 4);
    return {
      kind: 'joint',
      targets: parseNumbers(to, targets, line),
      sources: parseNumbers(from, sources, line),
      length: parseInteger(length, line, LIMITS.jointBytes),
    };
  }
  throw badLine(line, 'the line is no member of a frame');
}

function numberOf(numbers: ReadonlyMap<Digest, number>, { digest }: Pick<Blob, 'digest'>): number {
  const number = numbers.get(digest);
  if (number === undefined)
    throw new TypeError(`the pack's manifests have no blob ${digest} on the side where it is needed`);
  return number;
}

/** Rising numbers, each but the first as its distance from the one before: small figures, which compress well. */
function formatNumbers(numbers: ReadonlyMap<Digest, number>, blobs: readonly MemberBlob[]): string {
  let last = 0;
  const steps = blobs.map((blob) => {
    const number = numberOf(numbers, blob);
    const step = number - last;
    last = number;
    return step;
  });
  if (steps.length === 0 || steps.slice(1).some((step) => step <= 0))
    throw new TypeError('the blobs of a joint delta are not in the order of their manifest');
  return steps.join(',');
}

/** An attacker may write the numbers: those of a blob twice, or of more bytes than a device should hold, are refused. */
function parseNumbers(blobs: readonly Blob[], field: string | undefined, line: Line): MemberBlob[] {
  let number = 0;
  let bytes = 0;
  return (field ?? '').split(',').map((text, index) => {
    const step = parseInteger(text, line);
    if (index > 0 && step === 0) throw badLine(line, 'a joint delta names a blob twice');
    number += step;
    const { digest, size } = blobAt(blobs, number, line);
    bytes += size;
    if (bytes > LIMITS.jointBytes)
      throw badLine(line, `one side of a joint delta has more than ${LIMITS.jointBytes} bytes`);
    return { digest, size };
  });
}

function numbered(blobs: readonly Blob[], field: string | undefined, line: Line): Blob {
  return blobAt(blobs, parseInteger(field, line), line);
}

function blobAt(blobs: readonly Blob[], number: number, line: Line): Blob {
  const blob = blobs[number];
  if (blob === undefined) throw badLine(line, 'there is no blob of this number in the manifest');
  return blob;
}
