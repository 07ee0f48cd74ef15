import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../byte-string.ts';
import { fromHex } from '../../digest.ts';
import { noise } from '../../test-noise.ts';
import { DeltaError } from '../delta-error.ts';
import { bytesSource } from '../delta-source.ts';
import { compressPiece } from '../zstd-piece.ts';
import { PATCH_LAYOUT, zstdPatch, zstdPatchOf } from './zstd-patch.ts';
import { formatPiece, parsePieces } from './zstd-patch-piece.ts';

const KIB = 1024;
const SOURCE = bytesOf('Hello, world!');
const TARGET = bytesOf('Hello, world! This is a test.');

// The payload of the example of `manifests/spec/delta.md`.
const GOLDEN =
  '00000000000000000d0000001d0000002000000028b52ffd201dbd000088482054686973206973206120746573742e0100c04d21';

/** Pieces of 16 KiB, so that files of some hundred KiB have many. */
const LAYOUT = {
  ...PATCH_LAYOUT,
  size: 16 * KIB,
  margin: 2 * KIB,
  thoroughMax: 0,
  regionMax: 64 * KIB,
  sizeMin: 4 * KIB,
};
const small = zstdPatchOf(LAYOUT);

describe('zstd-patch', () => {
  it('has the bytes that the specification says', async () => {
    expect(Buffer.from(await encoded(SOURCE, TARGET, zstdPatch)).toString('hex')).toBe(GOLDEN);
    expect(await decoded(SOURCE, fromHex(GOLDEN) ?? bytesOf(''), TARGET.length, zstdPatch)).toEqual(TARGET);
  });

  it.each([
    ['a region that ends behind the source', 0, 1],
    ['a longer region', 8, 0x0e],
    ['another piece size', 12, 0x1c],
    ['another stored size', 16, 0x21],
  ])('refuses the example with %s', async (_, offset, value) => {
    const payload = Buffer.from(GOLDEN, 'hex');
    payload.writeUInt8(value, offset);
    await expect(decoded(SOURCE, payload, TARGET.length, zstdPatch)).rejects.toMatchObject({
      code: 'bad-delta',
    });
  });

  const pair = fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }));
  it('round-trips any pair', async () => {
    const codec = zstdPatchOf({ ...LAYOUT, size: 32, margin: 8, sizeMin: 8 });
    await fc.assert(
      fc.asyncProperty(pair, async ([source, target]) => {
        await expectRoundTrip(source, target, codec);
      }),
    );
  });

  const size = LAYOUT.size;
  it.each([
    0,
    1,
    size - 1,
    size,
    size + 1,
    1.5 * size - 1,
    1.5 * size,
    1.5 * size + 1,
    2.5 * size,
    7 * size + 1,
  ])('round-trips a target of %d bytes', async (length) => {
    const bytes = noise(8 * size);
    const payload = await expectRoundTrip(bytes, bytes.subarray(0, length));
    expect(payload.length).toBeLessThan(60 * 8);
    await expectRoundTrip(bytes.subarray(0, length), bytes);
    await expectRoundTrip(bytes.subarray(0, length), noise(length, 'other'));
  });

  it.each([
    ['inserted at the front', (old: Buffer) => Buffer.concat([noise(50 * KIB, 'new'), old])],
    ['removed at the front', (old: Buffer) => old.subarray(77_777)],
    [
      'inserted in the middle',
      (old: Buffer) => Buffer.concat([old.subarray(0, 99_999), noise(50 * KIB, 'new'), old.subarray(99_999)]),
    ],
    [
      'moved',
      (old: Buffer) =>
        Buffer.concat([old.subarray(200_000), old.subarray(100_000, 200_000), old.subarray(0, 100_000)]),
    ],
  ])('finds the old content again after some was %s', async (_, change) => {
    const old = noise(300_000);
    const target = change(old);
    const payload = await expectRoundTrip(old, target);
    // What is new, and at most the piece around each of the edges.
    const added = Math.max(0, target.length - old.length);
    expect(payload.length).toBeLessThan(added + 4 * LAYOUT.size);
  });

  it('takes the same share of both where the content tells nothing', async () => {
    const source = Buffer.alloc(300_000, 'abcdefgh');
    const payload = await expectRoundTrip(source, Buffer.alloc(400_000, 'abcdefgh'));
    expect(payload.length).toBeLessThan(25 * 80);
  });

  it('makes no trained dictionary out of a region', async () => {
    const source = Buffer.concat([bytesOf('\x37\xa4\x30\xec'), noise(20 * KIB)]);
    const payload = await expectRoundTrip(source, source);
    expect(payload.length).toBeLessThan(100);
    const [piece] = parsePieces(payload, { source: source.length, target: source.length }, LAYOUT);
    expect(piece?.region).toEqual({ start: 1, length: source.length - 1 });
    if (piece === undefined) throw new Error('there is a piece');
    const trained = formatPiece({ ...piece, region: { start: 0, length: source.length } });
    await expect(decoded(source, trained, source.length)).rejects.toMatchObject({ code: 'bad-delta' });
  });

  it('gives the same payload each time, and leaves the bytes of the caller alone', async () => {
    const pool = noise(200_000);
    const [source, target] = [pool.subarray(10, 150_010), pool.subarray(50_020, 200_000)];
    const first = await encoded(source, target);
    await expectRoundTrip(noise(100), noise(100_000));
    expect(Buffer.compare(await encoded(source, target), first)).toBe(0);
    expect(pool.equals(noise(200_000))).toBe(true);
  });
});

describe('a hostile zstd-patch payload', () => {
  const source = noise(60 * KIB);
  const target = Buffer.concat([noise(100, 'new'), source.subarray(0, 50 * KIB)]);

  it('that is cut off anywhere is refused', async () => {
    const payload = await encoded(source, target);
    await expect(
      decoded(source, Buffer.concat([payload, bytesOf('\0')]), target.length),
    ).rejects.toMatchObject({ code: 'bad-delta' });
    for (let length = 0; length < payload.length; length += 1) {
      await expect(decoded(source, payload.subarray(0, length), target.length)).rejects.toMatchObject({
        code: 'bad-delta',
      });
    }
  });

  it('with a bit turned is refused, or gives the announced size for the digest to judge', async () => {
    const payload = await encoded(source, target);
    for (let bit = 0; bit < payload.length * 8; bit += 1) {
      const turned = Buffer.from(payload);
      turned.writeUInt8(turned.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      await expectHarmless(turned, source, target.length);
    }
  });

  it('of any bytes is harmless', async () => {
    const header = bytesOf('\0\0\0\0\0\0\0\0\x10\0\0\0\x40\0\0\0');
    const payload = fc.uint8Array({ maxLength: 60 }).map((tail) => {
      const frame = Buffer.concat([bytesOf('\x28\xb5\x2f\xfd'), tail]);
      const length = Buffer.alloc(4);
      length.writeUInt32LE(frame.length);
      return Buffer.concat([header, length, frame]);
    });
    await fc.assert(fc.asyncProperty(payload, (bytes) => expectHarmless(bytes, source, 0x40)));
  });

  const frame = compressPiece(source, target.subarray(0, 8 * KIB), 'quick');
  const good = { region: { start: 0, length: source.length }, size: 8 * KIB, frame };
  const bomb = compressPiece(bytesOf(''), Buffer.alloc(8 * 1024 * KIB), 'quick');
  it.each([
    ['a region behind the source', { ...good, region: { start: 1, length: source.length } }],
    ['a region at 2^63', { ...good, region: { start: 2 ** 63, length: 1 } }],
    ['a region larger than any', { ...good, region: { start: 0, length: LAYOUT.regionMax + 1 } }],
    ['a piece of nothing', { ...good, size: 0 }],
    ['a smaller piece than its frame makes', { ...good, size: good.size - 1 }],
    ['a larger piece than its frame makes', { ...good, size: good.size + 1 }],
    ['a piece larger than any', { ...good, size: 2 ** LAYOUT.sizeMaxLog + 1 }],
    ['a frame that makes megabytes', { ...good, frame: bomb }],
    ['bytes behind its frame', { ...good, frame: Buffer.concat([frame, bytesOf('\0')]) }],
    ['two frames in a piece', { ...good, frame: Buffer.concat([frame, frame]) }],
    ['no frame', { ...good, frame: bytesOf('') }],
  ])('with %s is refused', async (_, piece) => {
    expect((await decoded(source, formatPiece(good), good.size)).length).toBe(good.size);
    await expect(decoded(source, formatPiece(piece), piece.size)).rejects.toMatchObject({
      code: 'bad-delta',
    });
  });

  it('with a window of gigabytes is refused', async () => {
    // RFC 8878, 3.1.1.1: no size, a window of 2^27 bytes, one raw block of 16 bytes.
    const window = (log: number) => [(log - 10) << 3];
    const frameOf = (log: number) =>
      Buffer.concat([
        bytesOf('\x28\xb5\x2f\xfd\0'),
        Buffer.from(window(log)),
        bytesOf('\x81\0\0'),
        noise(16),
      ]);
    const piece = (log: number) => formatPiece({ ...good, size: 16, frame: frameOf(log) });
    expect(await decoded(source, piece(24), 16)).toEqual(noise(16));
    for (const log of [25, 27, 31, 41]) {
      await expect(decoded(source, piece(log), 16)).rejects.toMatchObject({ code: 'bad-delta' });
    }
  });

  it('that has regions read again and again for a few bytes is refused before the first', async () => {
    const byte = formatPiece({ ...good, size: 1, frame: compressPiece(source, noise(1), 'quick') });
    const reads: number[] = [];
    const counting = {
      size: source.length,
      read(buffer: Uint8Array, position: number) {
        reads.push(position);
        return bytesSource(source).read(buffer, position);
      },
    };
    const payload = Buffer.concat(Array<Uint8Array>(10_000).fill(byte));
    await expect(collect(small.decode(counting, payload, 10_000))).rejects.toMatchObject({
      code: 'bad-delta',
    });
    expect(reads).toEqual([]);
  });

  it('for a source that has become shorter is refused', async () => {
    const payload = await encoded(source, target);
    const torn = {
      size: source.length,
      read: (buffer: Uint8Array, at: number) =>
        bytesSource(source.subarray(0, 1000)).read(buffer.subarray(0, 300), at),
    };
    await expect(collect(small.decode(torn, payload, target.length))).rejects.toMatchObject({
      code: 'bad-delta',
    });
  });
});

async function expectRoundTrip(source: Uint8Array, target: Uint8Array, codec = small): Promise<Uint8Array> {
  const payload = await encoded(source, target, codec);
  expect(Buffer.compare(await decoded(source, payload, target.length, codec), target)).toBe(0);
  return payload;
}

async function expectHarmless(payload: Uint8Array, source: Uint8Array, targetSize: number): Promise<void> {
  try {
    expect((await decoded(source, payload, targetSize)).length).toBe(targetSize);
  } catch (error) {
    if (!(error instanceof DeltaError)) throw error;
    expect(error.code).toBe('bad-delta');
  }
}

async function encoded(source: Uint8Array, target: Uint8Array, codec = small): Promise<Uint8Array> {
  const payload = await codec.encode(source, target);
  if (payload === undefined) throw new Error('the pair is within the limits');
  return payload;
}

function decoded(
  source: Uint8Array,
  payload: Uint8Array,
  targetSize: number,
  codec = small,
): Promise<Buffer> {
  return collect(codec.decode(bytesSource(source), payload, targetSize));
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const chunk of chunks) all.push(chunk);
  return Buffer.concat(all);
}

/** Bytes without any pattern, the same at every run. */
