import { releaseBuffer, releaseBytes } from '../../release-bytes.ts';
import type { DeltaCodec } from '../codec.ts';
import { DeltaError } from '../delta-error.ts';
import { bytesSource, type DeltaSource, readSource } from '../delta-source.ts';
import {
  compressPiece,
  decompressPiece,
  isTrainedDictionary,
  knowsDictionaries,
  requireDictionaries,
} from '../zstd-piece.ts';
import { SourceAnchors } from './source-anchors.ts';
import { formatPiece, type PieceLimits, parsePieces, type Span } from './zstd-patch-piece.ts';

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

/** Bytes of the tables of zstd, of the anchors and of the pieces at hand: measured, with a tenth more. */
const TABLES = { base: 4 * MIB, perByte: 28, max: 136 * MIB } as const;
/** Files that the writer takes: above it the anchors stand too far apart to find much, and a build would take an hour. */
const FILE_MAX = 4096 * MIB;
/** Payloads are held in memory by who makes and who applies them: a larger one is not made. */
const PAYLOAD_MAX = 256 * MIB;
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
      if (Math.max(sourceSize, targetSize) > FILE_MAX) return undefined;
      const perMib = sourceSize + targetSize <= layout.thoroughMax ? 0.4 : 0.2;
      return {
        seconds: (0.005 * sourceSize + perMib * targetSize) / MIB,
        memory: tablesFor(sourceSize + targetSize) + Math.min(targetSize / 2, 2 * PAYLOAD_MAX),
      };
    },

    async encode(source, target) {
      return encodeFrom(bytesSource(source), bytesSource(target), layout);
    },

    async encodeWindowed(source, target) {
      return encodeFrom(source, target, layout);
    },

    async *decode(source, payload, targetSize) {
      requireDictionaries();
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

function tablesFor(size: number): number {
  return Math.min(TABLES.base + TABLES.perByte * size, TABLES.max);
}

function encodeFrom(source: DeltaSource, target: DeltaSource, layout: PatchLayout): Uint8Array | undefined {
  if (!knowsDictionaries() || Math.max(source.size, target.size) > FILE_MAX) return undefined;
  const thorough = source.size + target.size <= layout.thoroughMax;
  const pieces: Uint8Array[] = [];
  let size = 0;
  let anchors: SourceAnchors | undefined;
  for (const span of spansOf(target.size, layout.size)) {
    const piece = readSource(target, span.start, span.length);
    const whole = source.size <= span.length + 2 * layout.margin;
    if (!whole) anchors ??= new SourceAnchors(source);
    const place = { start: span.start, targetSize: target.size };
    const near = anchors?.regionFor(piece, place, layout.margin) ?? { start: 0, length: source.size };
    const { region, bytes } = rawRegion(source, near);
    const formatted = formatPiece({
      region,
      size: span.length,
      frame: smallestFrame(bytes, piece, thorough),
    });
    releaseBytes(piece);
    releaseBuffer(bytes);
    size += formatted.length;
    if (size > PAYLOAD_MAX) return undefined;
    pieces.push(formatted);
  }
  return Buffer.concat(pieces);
}

/** How a target is cut: in pieces of nearly the same size. */
function spansOf(targetSize: number, pieceSize: number): Span[] {
  const count = targetSize === 0 ? 0 : Math.max(1, Math.round(targetSize / pieceSize));
  return Array.from({ length: count }, (_, index) => {
    const start = Math.floor((targetSize * index) / count);
    return { start, length: Math.floor((targetSize * (index + 1)) / count) - start };
  });
}

/** A region that zstd takes for raw content. */
function rawRegion(source: DeltaSource, { start, length }: Span): { region: Span; bytes: Uint8Array } {
  const bytes = readSource(source, start, length);
  return isTrainedDictionary(bytes)
    ? { region: { start: start + 1, length: length - 1 }, bytes: bytes.subarray(1) }
    : { region: { start, length }, bytes };
}

function smallestFrame(region: Uint8Array, piece: Uint8Array, thorough: boolean): Uint8Array {
  if (thorough) return compressPiece(region, piece, 'thorough');
  const quick = compressPiece(region, piece, 'quick');
  const share = quick.length / piece.length;
  if (share < WORTH_MORE.from || share > WORTH_MORE.to) return quick;
  const careful = compressPiece(region, piece, 'careful');
  return careful.length < quick.length ? careful : quick;
}
