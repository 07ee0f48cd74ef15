import { DeltaError } from '../delta-error.ts';

/** A run of bytes. */
export interface Span {
  readonly start: number;
  readonly length: number;
}

/** One piece of the target: made by a zstd frame out of a region of the source. */
export interface PatchPiece {
  readonly region: Span;
  /** Bytes of the target. */
  readonly size: number;
  readonly frame: Uint8Array;
}

/** What holds for pieces; tests use smaller ones. */
export interface PieceLimits {
  /** More than this in memory at a time, for nothing. */
  readonly regionMax: number;
  /** As a power of two; the window of a frame too. */
  readonly sizeMaxLog: number;
  /** All pieces but the last have at least so many bytes: bounds how often a hostile payload has a region read. */
  readonly sizeMin: number;
}

/** Source offset (8), source length (4), size (4), stored size (4). */
const HEADER_SIZE = 20;

/** A piece as it lies in the payload. `manifests/spec/delta.md`, codec 2. */
export function formatPiece({ region, size, frame }: PatchPiece): Uint8Array {
  const bytes = Buffer.alloc(HEADER_SIZE + frame.length);
  bytes.writeBigUInt64LE(BigInt(region.start), 0);
  bytes.writeUInt32LE(region.length, 8);
  bytes.writeUInt32LE(size, 12);
  bytes.writeUInt32LE(frame.length, 16);
  bytes.set(frame, HEADER_SIZE);
  return bytes;
}

/**
 * The pieces of a payload, front to back; frames are views of it. Every region lies in the source, and the sizes make
 * `targetSize` together.
 * @throws DeltaError `bad-delta`
 */
export function parsePieces(
  payload: Uint8Array,
  sizes: { readonly source: number; readonly target: number },
  limits: PieceLimits,
): PatchPiece[] {
  const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength);
  const pieces: PatchPiece[] = [];
  let made = 0;
  for (let offset = 0; offset < bytes.length; ) {
    const piece = parsePiece(bytes, offset);
    offset += HEADER_SIZE + piece.frame.length;
    made += piece.size;
    check(piece.region.start + piece.region.length <= sizes.source, 'a region ends behind the source');
    check(piece.region.length <= limits.regionMax, 'a region is larger than any that is made');
    check(piece.size > 0 && piece.size <= 2 ** limits.sizeMaxLog, 'a piece has an impossible size');
    check(piece.size >= limits.sizeMin || made === sizes.target, 'a piece in the middle is too small');
    check(made <= sizes.target, 'the pieces are more than the target');
    pieces.push(piece);
  }
  check(made === sizes.target, 'pieces of the target are missing');
  return pieces;
}

function parsePiece(bytes: Buffer, offset: number): PatchPiece {
  check(bytes.length - offset >= HEADER_SIZE, 'it ends within the header of a piece');
  const start = bytes.readBigUInt64LE(offset);
  check(start <= BigInt(Number.MAX_SAFE_INTEGER), 'a region ends behind the source');
  const frameSize = bytes.readUInt32LE(offset + 16);
  const frame = bytes.subarray(offset + HEADER_SIZE, offset + HEADER_SIZE + frameSize);
  check(frame.length === frameSize, 'it ends within a piece');
  return {
    region: { start: Number(start), length: bytes.readUInt32LE(offset + 8) },
    size: bytes.readUInt32LE(offset + 12),
    frame,
  };
}

function check(holds: boolean, what: string): void {
  if (!holds) throw new DeltaError('bad-delta', `the zstd-patch payload is damaged: ${what}`);
}
