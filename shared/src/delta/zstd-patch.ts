import { releaseBuffer, releaseBytes } from '../release-bytes.ts';
import type { DeltaCodec } from './codec.ts';
import { DeltaError } from './delta-error.ts';
import { readSource } from './delta-source.ts';
import { SourceAnchors } from './source-anchors.ts';
import { formatPiece, type PieceLimits, parsePieces, type Span } from './zstd-patch-piece.ts';
import { compressPiece, decompressPiece, isTrainedDictionary, knowsDictionaries } from './zstd-piece.ts';

const MIB = 1024 * 1024;

/** How the writer cuts. Small enough that the tables of zstd hold every position of a region, and for the device's memory. */
export interface PatchLayout extends PieceLimits {
  /** What a piece should have; it has up to half more, so that no small rest is left. */
  readonly size: number;
  /** Bytes of the source on both sides of what a piece comes from. */
  readonly margin: number;
  /** Source and target together up to which the most is tried. */
  readonly thoroughMax: number;
}

export const PATCH_LAYOUT: PatchLayout = {
  size: 4 * MIB,
  margin: MIB,
  thoroughMax: 4 * MIB,
  regionMax: 32 * MIB,
  sizeMaxLog: 24,
  sizeMin: MIB,
};

/** Files that the writer takes, so that both and the tables fit into the memory of a worker. */
const FILE_MAX = 1024 * MIB;
/** Shares of a piece: below the first there is nothing left to win, above the second source and target have little in common. */
const WORTH_MORE = { from: 0.01, to: 0.7 };

/** Pieces of the target, each one zstd frame with the region of the source that it resembles as its raw dictionary. */
export const zstdPatch: DeltaCodec = zstdPatchOf(PATCH_LAYOUT);

/** The codec with pieces of another size. */
export function zstdPatchOf(layout: PatchLayout): DeltaCodec {
  return {
    id: 2,
    name: 'zstd-patch',
    compressed: true,

    estimate(sourceSize, targetSize) {
      const perMib = sourceSize + targetSize <= layout.thoroughMax ? 0.4 : 0.2;
      return (0.005 * sourceSize + perMib * targetSize) / MIB;
    },

    async encode(source, target) {
      if (!knowsDictionaries() || Math.max(source.length, target.length) > FILE_MAX) return undefined;
      return Buffer.concat(encodePieces(source, target, layout));
    },

    async *decode(source, payload, targetSize) {
      if (!knowsDictionaries()) {
        throw new DeltaError('unknown-codec', 'this version of Node.js does not know dictionaries for zstd', {
          hint: 'Use Node.js 24.6 or later',
        });
      }
      const pieces = parsePieces(payload, { source: source.size, target: targetSize }, layout);
      for (const { region, size, frame } of pieces) {
        const bytes = readSource(source, region.start, region.length);
        if (isTrainedDictionary(bytes))
          throw new DeltaError('bad-delta', 'a region of the delta is no raw content');
        const plain = decompressPiece(bytes, frame, { size, windowLog: layout.sizeMaxLog });
        releaseBytes(bytes);
        yield plain;
        releaseBuffer(plain);
      }
    },
  };
}

function encodePieces(source: Uint8Array, target: Uint8Array, layout: PatchLayout): Uint8Array[] {
  const count = Math.max(1, Math.round(target.length / layout.size));
  const thorough = source.length + target.length <= layout.thoroughMax;
  let anchors: SourceAnchors | undefined;
  const pieces: Uint8Array[] = [];
  for (let index = 0; index < count && target.length > 0; index += 1) {
    const start = Math.floor((target.length * index) / count);
    const span = { start, length: Math.floor((target.length * (index + 1)) / count) - start };
    const whole = source.length <= span.length + 2 * layout.margin;
    if (!whole) anchors ??= new SourceAnchors(source);
    const region = rawRegion(
      source,
      anchors?.regionFor(target, span, layout.margin) ?? { start: 0, length: source.length },
    );
    const bytes = cut(target, span);
    const frame = smallestFrame(cut(source, region), bytes, thorough);
    pieces.push(formatPiece({ region, size: span.length, frame }));
  }
  return pieces;
}

/** A region that zstd takes for raw content. */
function rawRegion(source: Uint8Array, { start, length }: Span): Span {
  return isTrainedDictionary(cut(source, { start, length }))
    ? { start: start + 1, length: length - 1 }
    : { start, length };
}

function smallestFrame(region: Uint8Array, piece: Uint8Array, thorough: boolean): Uint8Array {
  if (thorough) return compressPiece(region, piece, 'thorough');
  const quick = compressPiece(region, piece, 'quick');
  const share = quick.length / piece.length;
  if (share < WORTH_MORE.from || share > WORTH_MORE.to) return quick;
  const careful = compressPiece(region, piece, 'careful');
  return careful.length < quick.length ? careful : quick;
}

function cut(bytes: Uint8Array, { start, length }: Span): Uint8Array {
  return bytes.subarray(start, start + length);
}
