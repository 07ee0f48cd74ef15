import { constants, deflateRawSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toHex } from '../digest.ts';
import { noise } from '../test-noise.ts';
import { chooseProfile } from './choose-profile.ts';
import { putTogether } from './put-together.ts';
import { readDeflate } from './read-deflate.ts';
import { takeApart } from './take-apart.ts';
import { mixture, padded, profileOf, wordText } from './test-texts.ts';

const SIZE_MAX = 2 ** 20;
const TEXT = mixture(5000);

describe('a stream comes back bit for bit', () => {
  const { Z_DEFAULT_STRATEGY, Z_FILTERED, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE } = constants;
  const strategies = { Z_DEFAULT_STRATEGY, Z_FILTERED, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE };
  const rows = Object.entries(strategies).flatMap(([name, strategy]) =>
    [0, 1, 6].map((level) => ({ name, level, strategy })),
  );

  it.each(rows)('of level $level, $name', ({ level, strategy }) => {
    expectRoundTrip(deflateRawSync(TEXT, { level, strategy }));
  });

  it.each([1, 5, 8, 9])('of memory level %i', (memLevel) => {
    expectRoundTrip(deflateRawSync(TEXT, { memLevel }));
  });

  it.each([9, 12, 15])('of %i bits of window', (windowBits) => {
    expectRoundTrip(deflateRawSync(TEXT, { windowBits }));
  });

  it('of a writer that flushes', () => {
    const parts = [wordText(5000), wordText(100), noise(70_000), wordText(9000)];
    const segments = parts.map((part) => deflateRawSync(part, { finishFlush: constants.Z_SYNC_FLUSH }));
    expectRoundTrip(Buffer.concat([...segments, deflateRawSync(Buffer.from('the end'))]));
  });

  it('of any text', () => {
    const text = fc.oneof(
      fc.uint8Array({ maxLength: 2000 }),
      fc
        .array(fc.constantFrom('aa', 'ab', 'ba ', '\0\0\0', 'xyz'), { maxLength: 600 })
        .map((words) => Buffer.from(words.join(''))),
    );
    fc.assert(
      fc.property(text, fc.nat(9), (bytes, level) => {
        expectRoundTrip(deflateRawSync(bytes, { level }));
      }),
    );
  });

  it('with a correction by any profile', () => {
    const packed = deflateRawSync(wordText(6000), { level: 6 });
    const sizes = [1, 4, 9, 16, 29, 39].map((number) => roundTrip(packed, number).correction.length);
    expect(Math.min(...sizes)).toBeGreaterThan(0);
    expect(Math.min(...sizes)).toBeLessThan(packed.length / 2);
  });
});

describe('what is no stream that could be written again', () => {
  const packed = deflateRawSync(Buffer.from('a line, a line, a line'));

  it.each([
    ['is cut off', packed.subarray(0, -2)],
    ['has bits set behind its end', Buffer.from('030f', 'hex')],
    ['has the fourth block type', Buffer.from('07', 'hex')],
    ['has another length of a stored block', Buffer.from('010100fffe61', 'hex')],
    ['has a length in its longer form', Buffer.from('4b1cf90000', 'hex')],
    ['has a match before its start', Buffer.from('030200', 'hex')],
  ])('because it %s, is not taken apart', (_, bytes) => {
    expect(readDeflate(bytes, 0, SIZE_MAX)).toBeUndefined();
  });

  it('because it has too much text, is not taken apart', () => {
    const bomb = deflateRawSync(new Uint8Array(SIZE_MAX + 1));
    expect(readDeflate(bomb, 0, SIZE_MAX)).toBeUndefined();
    expect(readDeflate(bomb, 0, SIZE_MAX + 1)?.size).toBe(SIZE_MAX + 1);
  });
});

describe('a stream of empty blocks', () => {
  // Ten bits a block: five bytes have four of them, and the last one of all says that it is.
  const four = Buffer.from('0208208000', 'hex');
  const emptyBlocks = (count: number) =>
    readDeflate(
      Buffer.concat([...Array<Buffer>(count / 4).fill(four), Buffer.from('0300', 'hex')]),
      0,
      8 * SIZE_MAX,
    );

  it('takes no tables for each', () => {
    expect(emptyBlocks(100_000)?.blocks.length).toBe(100_001);
  });

  it('is none with more blocks than a reader would write', () => {
    expect(emptyBlocks(400_000)).toBeUndefined();
  });

  it('is not taken apart, as it has no text that so many are for', () => {
    const stream = emptyBlocks(1000);
    if (stream === undefined) throw new Error('there is no such stream');
    expect(() => takeApart(stream, profileOf(9))).toThrow(RangeError);
  });
});

// The example of `manifests/spec/inflated.md`: its encoder takes no match of three bytes, where `gzip -9` does.
describe('the example of the specification', () => {
  const text = Buffer.from('banana bandana banana band');
  const packed = Buffer.from('4b4acc4bcc4b54484acc4b81d2302e00', 'hex');
  const correction = '0103010000';

  it('has its correction', () => {
    expect(toHex(roundTrip(packed, 9).correction)).toBe(correction);
  });

  it('is put together', () => {
    expect(toHex(putBack(text, 9, Buffer.from(correction, 'hex')))).toBe(toHex(packed));
  });
});

describe('a hostile correction', () => {
  const text = wordText(400);
  const packed = deflateRawSync(text, { level: 1 });
  const { correction } = roundTrip(packed, 9);

  it('with a bit turned, or cut off, gives bytes for a digest to judge, or a RangeError', () => {
    for (let bit = 0; bit < correction.length * 8; bit += 1) {
      const turned = correction.slice();
      turned[bit >> 3] = (turned[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expectHarmless(text, turned);
    }
    for (let size = 0; size < correction.length; size += 1)
      expectHarmless(text, correction.subarray(0, size));
    expect(putBack(text, 9, correction).equals(packed)).toBe(true);
  });

  it('of any bytes does no harm', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => expectHarmless(text, bytes)),
      { numRuns: 500 },
    );
  });
});

describe('a text that searches take too long for', () => {
  const text = Buffer.alloc(100_000, 'a');
  const places = noise(1000);
  for (const [index, place] of places.entries()) text[index * 100 + (place % 100)] = 98 + (place % 7);

  it('is not put together', () => {
    expect(() => putBack(text, 9, new Uint8Array(0))).toThrow(RangeError);
    expect(putBack(text, 6, new Uint8Array(0)).length).toBeLessThan(text.length);
  });

  it('is not taken apart', () => {
    const stream = readDeflate(deflateRawSync(text), 0, SIZE_MAX);
    if (stream === undefined) throw new Error('this is a stream');
    expect(() => takeApart(stream, profileOf(9))).toThrow(RangeError);
  });
});

function expectHarmless(text: Uint8Array, correction: Uint8Array): void {
  try {
    expect(putBack(text, 9, correction).length).toBeLessThan(4 * text.length);
  } catch (error) {
    expect(error).toBeInstanceOf(RangeError);
  }
}

function expectRoundTrip(packed: Buffer): void {
  const stream = readDeflate(packed, 0, SIZE_MAX);
  if (stream === undefined) throw new Error('this is no stream');
  expect(stream.length).toBe(packed.length);
  const choice = chooseProfile(stream);
  if (choice === undefined) throw new Error('there is a profile');
  const { profile, correction } = choice;
  expect(putBack(stream.plain.subarray(0, stream.size), profile, correction).equals(packed)).toBe(true);
}

function roundTrip(packed: Buffer, profile: number): { correction: Uint8Array } {
  const stream = readDeflate(packed, 0, SIZE_MAX);
  if (stream === undefined) throw new Error('this is no stream');
  const { correction } = takeApart(stream, profileOf(profile));
  expect(putBack(stream.plain.subarray(0, stream.size), profile, correction).equals(packed)).toBe(true);
  return { correction };
}

function putBack(text: Uint8Array, profile: number, correction: Uint8Array): Buffer {
  const apart = { plain: padded(text), size: text.length, profile: profileOf(profile), correction };
  return Buffer.concat([...putTogether(apart)]);
}
