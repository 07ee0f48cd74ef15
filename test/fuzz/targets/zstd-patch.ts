import { PATCH_LAYOUT, zstdPatch, zstdPatchOf } from '../../../shared/src/delta/zstd-patch/zstd-patch.ts';
import {
  formatPiece,
  type PatchPiece,
  parsePieces,
} from '../../../shared/src/delta/zstd-patch/zstd-patch-piece.ts';
import { compressPiece } from '../../../shared/src/delta/zstd-piece.ts';
import { decodeGuarded } from '../decode-guarded.ts';
import type { FuzzCase } from '../fuzz-case.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import type { Random } from '../random.ts';
import { codecSeeds } from './codec-seeds.ts';
import { PAIRS } from './pairs.ts';

/** Pieces so small that a small case has several, each with a region of its own. */
const SMALL_LAYOUT = { ...PATCH_LAYOUT, size: 128, margin: 64, regionMax: 512, sizeMin: 64 };
const smallPieces = zstdPatchOf(SMALL_LAYOUT);

export const zstdPatchTarget: FuzzTarget = {
  name: 'zstd-patch',
  run: (input) => decodeGuarded(zstdPatch, input),
  makeSeeds: () => codecSeeds(zstdPatch),
  mutations: [editHeader, remakeFrame],
};

export const zstdPiecesTarget: FuzzTarget = {
  name: 'zstd-pieces',
  run: (input) => decodeGuarded(smallPieces, input),
  makeSeeds: () =>
    codecSeeds(
      smallPieces,
      PAIRS.filter(({ target }) => target.length > SMALL_LAYOUT.size),
    ),
  mutations: [editHeader, remakeFrame, shufflePieces],
};

/** Another region or size, near to the true one or at a limit; the frame stays as it is. */
function editHeader(input: FuzzCase, random: Random): FuzzCase | undefined {
  return editPiece(input, random, (piece) => {
    const step = random.below(9) - 4;
    const { region, size } = piece;
    return random.pick([
      { ...piece, size: Math.max(0, size + step) },
      { ...piece, region: { ...region, start: Math.max(0, region.start + step) } },
      { ...piece, region: { ...region, length: Math.max(0, region.length + step) } },
      { ...piece, region: { start: input.source.length, length: 0 } },
      { ...piece, region: { start: 0, length: random.below(input.source.length + 2) } },
    ]);
  });
}

/** A good frame, over a region or for bytes that the rest knows nothing of. */
function remakeFrame(input: FuzzCase, random: Random): FuzzCase | undefined {
  return editPiece(input, random, (piece) => {
    const end = piece.region.start + random.below(piece.region.length + 1);
    const region = input.source.subarray(piece.region.start, end);
    const bytes = Buffer.alloc(
      Math.max(0, Math.min(piece.size, 4096) + random.below(5) - 2),
      random.below(256),
    );
    return { ...piece, frame: compressPiece(region, bytes, 'quick') };
  });
}

function shufflePieces(input: FuzzCase, random: Random): FuzzCase | undefined {
  const pieces = piecesOf(input);
  if (pieces.length === 0) return undefined;
  const shuffled = Array.from({ length: 1 + random.below(pieces.length + 2) }, () => random.pick(pieces));
  const targetSize = shuffled.reduce((sum, { size }) => sum + size, 0);
  return { ...input, targetSize, payload: Buffer.concat(shuffled.map(formatPiece)) };
}

function editPiece(
  input: FuzzCase,
  random: Random,
  edit: (piece: PatchPiece) => PatchPiece,
): FuzzCase | undefined {
  const pieces = piecesOf(input);
  if (pieces.length === 0) return undefined;
  const edited = pieces.with(random.below(pieces.length), edit(random.pick(pieces)));
  return { ...input, payload: Buffer.concat(edited.map(formatPiece)) };
}

/** None where the payload is damaged already. */
function piecesOf({ source, payload, targetSize }: FuzzCase): PatchPiece[] {
  try {
    return parsePieces(
      payload,
      { source: source.length, target: targetSize },
      { ...SMALL_LAYOUT, regionMax: 8192 },
    );
  } catch {
    return [];
  }
}
