import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { SourceAnchors } from './source-anchors.ts';

const MARGIN = 1_000;
const SOURCE = createHash('shake256', { outputLength: 400_000 }).update('source').digest();

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
    const zeros = new SourceAnchors(Buffer.alloc(400_000));
    expect(zeros.regionFor(Buffer.alloc(100_000), piece, MARGIN)).toEqual(linear);
  });

  it.each([0, 1, 63, 64, 65])('takes a source of %d bytes', (size) => {
    const anchors = new SourceAnchors(SOURCE.subarray(0, size));
    expect(anchors.regionFor(SOURCE, { start: 10, length: 5_000 }, MARGIN)).toEqual({
      start: 0,
      length: size,
    });
  });
});

function regionFor(target: Uint8Array, piece: { start: number; length: number }) {
  return new SourceAnchors(SOURCE).regionFor(target, piece, MARGIN);
}
