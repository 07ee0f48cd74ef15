import { describe, expect, it } from 'vitest';
import { noise } from '../../test-noise.ts';
import { bytesSource } from '../delta-source.ts';
import { SourceAnchors } from './source-anchors.ts';

const MARGIN = 1_000;
const SOURCE = noise(400_000, 'source');

describe('SourceAnchors', () => {
  it.each([0, 1, 63, 64, 12_345, 200_001])('finds a piece that lay at %d', (at) => {
    const target = SOURCE.subarray(at, at + 50_000);
    const { start, length } = regionFor(target, { start: 0, length: 50_000 });
    expect(start).toBeLessThanOrEqual(at);
    expect(start + length).toBeGreaterThanOrEqual(at + 50_000);
    expect(length).toBe(50_000 + 2 * MARGIN);
  });

  it('covers both sides of a small insertion', () => {
    const target = Buffer.concat([
      SOURCE.subarray(100_000, 120_000),
      Buffer.alloc(900),
      SOURCE.subarray(120_000, 140_000),
    ]);
    const { start, length } = regionFor(target, { start: 0, length: target.length });
    expect(start).toBeLessThanOrEqual(100_000);
    expect(start + length).toBeGreaterThanOrEqual(140_000);
  });

  it('stays within the source', () => {
    const piece = { start: 0, length: 1_000 };
    expect(regionFor(SOURCE.subarray(0, 1_000), piece).start).toBe(0);
    const end = regionFor(SOURCE.subarray(-1_000), piece);
    expect(end.start + end.length).toBe(SOURCE.length);
  });

  it('takes the same share where the content tells nothing, or occurs more than once', () => {
    const piece = { start: 50_000, length: 50_000 };
    const linear = { start: 300_000 - 25_000 - MARGIN, length: 50_000 + 2 * MARGIN };
    expect(regionFor(Buffer.alloc(100_000), piece)).toEqual(linear);
    expect(regionFor(Buffer.alloc(100_000), piece, Buffer.alloc(400_000))).toEqual(linear);
  });

  it('finds a piece that lay in a later part of a large source', () => {
    const source = Buffer.concat([Buffer.alloc(3 * 2 ** 20 + 77), SOURCE, Buffer.alloc(2 ** 20)]);
    const { start, length } = regionFor(SOURCE, { start: 100_000, length: 50_000 }, source);
    expect(start).toBeLessThanOrEqual(3 * 2 ** 20 + 100_077);
    expect(start + length).toBeGreaterThanOrEqual(3 * 2 ** 20 + 150_077);
  });

  it.each([0, 1, 63, 64, 65])('takes a source of %d bytes', (size) => {
    const source = SOURCE.subarray(0, size);
    expect(regionFor(SOURCE, { start: 10, length: 5_000 }, source)).toEqual({ start: 0, length: size });
  });
});

function regionFor(target: Uint8Array, piece: { start: number; length: number }, source = SOURCE) {
  const bytes = target.subarray(piece.start, piece.start + piece.length);
  const place = { start: piece.start, targetSize: target.length };
  return new SourceAnchors(bytesSource(source)).regionFor(bytes, place, MARGIN);
}
