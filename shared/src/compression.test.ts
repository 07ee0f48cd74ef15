import { constants, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compress, compressFrame, decompress, decompressFrame } from './compression.ts';
import { LIMITS } from './limits.ts';

const MIB = 1024 * 1024;
const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc
    .tuple(fc.uint8Array({ maxLength: 20 }), fc.integer({ min: 1, max: 50 }))
    .map(([part, times]) => Buffer.concat(Array<Uint8Array>(times).fill(part))),
);

test('what was stored comes back, and is never larger than it was', () => {
  fc.assert(
    fc.property(bytes, fc.constantFrom(1, 3, 19), (plain, level) => {
      const stored = compress(plain, level);
      expect(stored.plainSize).toBe(plain.length);
      expect(stored.bytes.length).toBeLessThanOrEqual(plain.length);
      expect(Buffer.from(decompress(stored.bytes, plain.length)).equals(plain)).toBe(true);
      expect(Buffer.from(decompressFrame(compressFrame(plain, level), plain.length)).equals(plain)).toBe(
        true,
      );
    }),
  );
});

test('the same bytes and level give the same frame', () => {
  const plain = Buffer.from('some text '.repeat(1000));
  expect(compressFrame(plain, 19)).toEqual(compressFrame(Buffer.from(plain), 19));
});

test('what does not get smaller is stored as it is', () => {
  const plain = Buffer.from('short');
  expect(compress(plain, 19).bytes).toBe(plain);
  expect(decompress(plain, plain.length)).toBe(plain);
});

test('a frame says how large its content is', () => {
  const single = compressFrame(Buffer.alloc(1000), 19);
  const [, , , , descriptor = 0] = single;
  expect(descriptor >> 6 !== 0 || (descriptor & 0x20) !== 0).toBe(true);
});

const PLAIN = Buffer.from('some text '.repeat(1000));
const FRAME = Buffer.from(compressFrame(PLAIN, 19));

/** RFC 8878, 3.1.1: a frame of `hello` in one raw block, without content size, that asks for a window of 2^`log` bytes. */
function frameWithWindow(log: number): Buffer {
  return Buffer.concat([
    Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, (log - 10) << 3, 1 | (5 << 3), 0, 0]),
    Buffer.from('hello'),
  ]);
}

test('the largest window that a decoder has to accept', () => {
  expect(Buffer.from(decompressFrame(frameWithWindow(LIMITS.windowLog), 5)).toString()).toBe('hello');
});

describe('refused', () => {
  const bomb = compressFrame(Buffer.alloc(64 * MIB), 3);
  // The size of the content is an optional field; the encoder leaves it out when it is told not to write it.
  const silentBomb = zstdCompressSync(Buffer.alloc(64 * MIB), {
    params: { [constants.ZSTD_c_contentSizeFlag]: 0 },
  });

  test.each<[string, Uint8Array, number]>([
    ['nothing', Buffer.alloc(0), 10],
    ['nothing where nothing was announced', Buffer.alloc(0), 0],
    ['no frame', Buffer.from('no frame at all'), 10],
    ['a truncated frame', FRAME.subarray(0, -1), PLAIN.length],
    ['half a frame', FRAME.subarray(0, FRAME.length >> 1), PLAIN.length],
    ['a byte behind the frame', Buffer.concat([FRAME, Buffer.alloc(1)]), PLAIN.length],
    ['two frames', Buffer.concat([FRAME, FRAME]), 2 * PLAIN.length],
    ['two frames where one was announced', Buffer.concat([FRAME, FRAME]), PLAIN.length],
    ['a byte more than announced', FRAME, PLAIN.length - 1],
    ['a byte less than announced', FRAME, PLAIN.length + 1],
    ['content where none was announced', FRAME, 0],
    ['64 MiB where 100 bytes were announced', bomb, 100],
    ['64 MiB that the frame does not announce', silentBomb, 100],
    ['a window of 256 MiB', frameWithWindow(28), 5],
  ])('%s', (_, frame, plainSize) => {
    expect(() => decompressFrame(frame, plainSize)).toThrow(RangeError);
  });

  test('a bomb takes no memory', () => {
    const before = process.memoryUsage().arrayBuffers;
    for (let i = 0; i < 20; i++) expect(() => decompressFrame(silentBomb, 100)).toThrow(RangeError);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(32 * MIB);
  });

  test('a header that lies about its content', () => {
    const lying = Buffer.from(compressFrame(Buffer.alloc(300), 19));
    const at = lying.indexOf(Buffer.from([44, 0]), 4);
    expect(at).toBe(5);
    lying[at] = 45;
    for (const size of [300, 301]) expect(() => decompressFrame(lying, size)).toThrow(RangeError);
  });

  test('or harmless: every flipped bit of a frame', () => {
    for (let offset = 0; offset < FRAME.length; offset++) {
      for (let bit = 0; bit < 8; bit++) {
        const bad = Buffer.from(FRAME);
        bad[offset] = (bad[offset] ?? 0) ^ (1 << bit);
        try {
          expect(decompressFrame(bad, PLAIN.length).length).toBe(PLAIN.length);
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
        }
      }
    }
  });
});
