import type { PackFrame } from '@swupd/manifests';
import type { Digest } from '@swupd/shared';
import { COSTS } from './costs.ts';
import { blobsMade, type PackLayout, type PackPiece, piecesOf } from './pack-layout.ts';
import type { NeededBlob } from './plan.ts';

/** Bytes of a pack that come with one request. */
export interface PackRange {
  /** In the pack. */
  readonly offset: number;
  readonly length: number;
  readonly parts: readonly RangePart[];
}

/** A piece in a range that holds needed blobs. */
export interface RangePart {
  /** In the range. */
  readonly offset: number;
  readonly frame: PackFrame;
  readonly wanted: readonly Digest[];
}

export interface RangePlan {
  readonly ranges: readonly PackRange[];
  /** The blobs that the ranges bring, in the order of the pack. */
  readonly blobs: readonly NeededBlob[];
}

export interface RangeInput {
  readonly wanted: readonly NeededBlob[];
  /** Whether the device should have a blob for deltas to start from. */
  readonly has: (digest: Digest) => boolean;
  /** What a blob costs by itself, with its request; infinite where it can't be had so. */
  readonly looseCost: (digest: Digest) => number;
}

/**
 * The ranges of a pack that make the wanted blobs cheapest, where each may also come by itself: bytes, and a request's worth for
 * each range. Gaps are taken along where they cost less than a request. Exact, in time linear in the pieces: along the pack, the
 * best way in which a range is open behind a piece, and the best in which none is. A range is never without a blob that would
 * cost more by itself, so however many pieces a hostile index lists, there are no more ranges than wanted blobs.
 */
export function planRanges(layout: PackLayout, input: RangeInput): RangePlan {
  const pieces = usefulPieces(layout, input);
  const taken = choosePieces(pieces, input.looseCost);
  const blobs = new Map(input.wanted.map((blob) => [blob.digest, blob]));
  const brought = taken.flat().flatMap(({ wanted }) => wanted);
  return {
    ranges: taken.map(rangeOf),
    blobs: brought.flatMap((digest) => blobs.get(digest) ?? []),
  };
}

interface UsefulPiece extends PackPiece {
  readonly wanted: readonly Digest[];
}

/** The pieces that make wanted blobs, each blob where it comes first. */
function usefulPieces(layout: PackLayout, { wanted, has }: RangeInput): UsefulPiece[] {
  const open = new Set(wanted.map(({ digest }) => digest));
  const pieces: UsefulPiece[] = [];
  for (const piece of piecesOf(layout)) {
    // A request for nothing can't be made. The one empty blob comes by itself, or with a frame that has more.
    if (piece.frame.storedSize === 0) continue;
    const made = piece.frame.members.flatMap((member) => blobsMade(member, has));
    const useful = made.filter((digest) => open.delete(digest));
    if (useful.length > 0) pieces.push({ ...piece, wanted: useful });
  }
  return pieces;
}

/** What the pieces so far cost, and the way there: whether each is in a range, and whether that begins with it. */
interface Way {
  readonly cost: number;
  readonly last: Step | undefined;
}

interface Step {
  readonly piece: UsefulPiece;
  readonly begins: boolean;
  readonly before: Step | undefined;
}

/** The pieces to fetch, range by range. */
function choosePieces(pieces: readonly UsefulPiece[], looseCost: RangeInput['looseCost']): UsefulPiece[][] {
  // Ways that end with a piece in a range, and ways whose last pieces come loose.
  let inside: Way = { cost: Number.POSITIVE_INFINITY, last: undefined };
  let outside: Way = { cost: 0, last: undefined };
  let end = 0;
  for (const piece of pieces) {
    const { storedSize } = piece.frame;
    const loose = piece.wanted.reduce((sum, digest) => sum + looseCost(digest), 0);
    const best = cheaper(inside, outside);
    const gap = piece.offset - end;
    const begun = {
      cost: best.cost + COSTS.request + storedSize,
      last: { piece, begins: true, before: best.last },
    };
    const longer = {
      cost: inside.cost + gap + storedSize,
      last: { piece, begins: false, before: inside.last },
    };
    outside = { cost: best.cost + loose, last: best.last };
    inside = cheaper(longer, begun);
    end = piece.offset + storedSize;
  }
  return groupSteps(cheaper(inside, outside).last);
}

/** Of equal ways the first, so that what depends on them is the same in each run. */
function cheaper(first: Way, second: Way): Way {
  return first.cost <= second.cost ? first : second;
}

function groupSteps(last: Step | undefined): UsefulPiece[][] {
  const groups: UsefulPiece[][] = [];
  let group: UsefulPiece[] = [];
  for (let step = last; step !== undefined; step = step.before) {
    group.push(step.piece);
    if (!step.begins) continue;
    groups.push(group.reverse());
    group = [];
  }
  return groups.reverse();
}

function rangeOf(pieces: readonly UsefulPiece[]): PackRange {
  const [first] = pieces;
  const last = pieces.at(-1);
  if (first === undefined || last === undefined) throw new TypeError('a range without a piece');
  const { offset } = first;
  return {
    offset,
    length: last.offset + last.frame.storedSize - offset,
    parts: pieces.map((piece) => ({
      offset: piece.offset - offset,
      frame: piece.frame,
      wanted: piece.wanted,
    })),
  };
}
