import type { FileEntry, Manifest, MemberBlob } from '@swupd/manifests';
import { type Digest, LIMITS } from '@swupd/shared';
import { distinctBlobs, filesOf } from './distinct-blobs.ts';
import { fileFamily } from './file-family.ts';
import { type FilePair, groupBy } from './pair-files.ts';

/** New files of an update that one delta may make out of old ones. Both in the order of their manifests, each content once. */
export interface JointPlan {
  readonly targets: readonly FileEntry[];
  readonly sources: readonly FileEntry[];
}

/** A joint delta that is worth its place in a pack: bytes of the container, and as it is stored; name of its codec. */
export interface MadeJoint {
  readonly targets: readonly MemberBlob[];
  readonly sources: readonly MemberBlob[];
  readonly length: number;
  readonly storedSize: number;
  readonly codec: string;
}

/** What goes into joint deltas. Changing a figure changes the bytes of new builds, nothing else. */
export const JOINT = {
  /** Larger files have enough of their own that resembles their old selves. */
  fileMax: 2 * 1024 * 1024,
  /** Bytes of either side of one delta; of files with deflate streams fewer, as they are opened on both sides. */
  sideMax: { text: LIMITS.jointBytes, deflated: LIMITS.jointBytes / 2 },
  /** Fewer files gain nothing by standing together. */
  filesMin: 2,
  /**
   * Bytes, and share of what it replaces, that a joint delta has to gain. For less nobody should lose all that it makes where one
   * file on the device is not as it was.
   */
  gainMin: 512,
  gainShareMin: 0.02,
} as const;

/** Files that hold deflate streams, for a codec that sees through them. */
const DEFLATED = new Set(['gz', 'tgz', 'zip', 'jar', 'whl', 'png', 'svgz', 'xpi']);
/** Programs move addresses, each its own: they gain nothing from each other. */
const CODE = new Set(['~so', '~program', 'ko', 'o', 'a', 'so']);

/**
 * The joint deltas to try for an update, with the pairs of it: small files of a kind, neighbours in the tree together, since what
 * changes in one often changes in the next in the same way.
 */
export function planJoints(
  { from, to }: { readonly from: Manifest; readonly to: Manifest },
  pairs: readonly FilePair[],
): JointPlan[] {
  const known = new Set(filesOf(from).map(({ digest }) => digest));
  const order = new Map(distinctBlobs(filesOf(from)).map(({ digest }, index) => [digest, index]));
  const olds = sourcesByTarget(pairs);
  const wanted = distinctBlobs(filesOf(to)).filter((file) => !known.has(file.digest) && isJoinable(file));
  return (['deflated', 'text'] as const).flatMap((kind) => {
    const files = wanted.filter((file) => kindOf(file) === kind && !hasUncertain(olds.get(file.digest)));
    return cutPortions(files, olds, JOINT.sideMax[kind])
      .filter(({ targets, sources }) => targets.length >= JOINT.filesMin && sources.size > 0)
      .map(({ targets, sources }) => ({
        targets,
        sources: [...sources.values()].sort(
          (a, b) => (order.get(a.digest) ?? 0) - (order.get(b.digest) ?? 0),
        ),
      }));
  });
}

/** What decides the bytes of a joint delta. Updates from several builds often have the same. */
export function jointKey({ sources, targets }: Pick<MadeJoint, 'sources' | 'targets'>): string {
  return [sources, targets].map((side) => side.map(({ digest }) => digest).join(' ')).join('\n');
}

/** Whether a joint delta of `stored` bytes is worth its place instead of members of `others` bytes. */
export function isJointWorth(stored: number, others: number): boolean {
  return others - stored >= Math.max(JOINT.gainMin, JOINT.gainShareMin * others);
}

function isJoinable({ size }: FileEntry): boolean {
  return size > 0 && size <= JOINT.fileMax;
}

function kindOf(file: FileEntry): 'deflated' | 'text' | 'code' {
  const family = fileFamily(file);
  if (CODE.has(family)) return 'code';
  return DEFLATED.has(family) ? 'deflated' : 'text';
}

function sourcesByTarget(pairs: readonly FilePair[]): Map<string, FileEntry[]> {
  const groups = groupBy(pairs, ({ to }) => to.digest);
  return new Map([...groups].map(([digest, own]) => [digest, own.map(({ from }) => from)]));
}

/** Files that a device's owner may have edited: one of them would cost the device all that is made together with it. */
function hasUncertain(files: readonly FileEntry[] = []): boolean {
  return files.some(({ pathClass }) => pathClass === 'config' || pathClass === 'state');
}

interface Portion {
  readonly targets: FileEntry[];
  readonly sources: Map<Digest, FileEntry>;
}

/** Runs of files that stay within `sideMax` bytes on both sides. */
function cutPortions(
  files: readonly FileEntry[],
  olds: ReadonlyMap<string, readonly FileEntry[]>,
  sideMax: number,
): Portion[] {
  const portions: Portion[] = [];
  let size = { targets: 0, sources: 0 };
  for (const file of files) {
    const sources = upTo(sideMax, (olds.get(file.digest) ?? []).filter(isJoinable));
    const last = portions.at(-1);
    const more = sumSizes(sources.filter(({ digest }) => !last?.sources.has(digest)));
    const fits = size.targets + file.size <= sideMax && size.sources + more <= sideMax && last !== undefined;
    const portion: Portion = fits ? last : { targets: [], sources: new Map() };
    if (!fits) {
      portions.push(portion);
      size = { targets: 0, sources: 0 };
    }
    size = { targets: size.targets + file.size, sources: size.sources + (fits ? more : sumSizes(sources)) };
    portion.targets.push(file);
    for (const source of sources) portion.sources.set(source.digest, source);
  }
  return portions;
}

/** The first of the files that have at most `max` bytes together. */
function upTo(max: number, files: readonly FileEntry[]): FileEntry[] {
  let bytes = 0;
  return files.filter(({ size }) => {
    bytes += size;
    return bytes <= max;
  });
}

function sumSizes(files: readonly FileEntry[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
