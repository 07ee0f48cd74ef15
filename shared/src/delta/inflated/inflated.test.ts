import { constants, crc32, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { noise } from '../../test-noise.ts';
import { VarintReader, VarintWriter } from '../../varint.ts';
import { DeltaError } from '../delta-error.ts';
import { bytesSource } from '../delta-source.ts';
import { zstdPatch } from '../zstd-patch/zstd-patch.ts';
import { inflatedOver } from './inflated.ts';
import { INFLATED_LIMITS } from './limits.ts';
import { formatList, parseList, type StreamList, type TargetStream } from './stream-list.ts';

const codec = inflatedOver([zstdPatch]);
const OLD = Buffer.from(lines(0, 400));
const NEW = Buffer.from(`${lines(0, 150)}a new line\n${lines(151, 400)}`);

describe('inflated', () => {
  const containers: [string, (text: Buffer) => Buffer][] = [
    ['a gzip file', (text) => gzipSync(text)],
    ['a gzip file with a name, a comment and a header checksum', fullGzip],
    ['a zlib stream', (text) => deflateSync(text)],
    ['a zip entry', zipEntry],
    [
      'many gzip members',
      (text) => Buffer.concat([text, OLD, text].map((part) => gzipSync(part, { level: 9 }))),
    ],
    ['a stream amid noise', (text) => Buffer.concat([noise(5000), gzipSync(text), noise(300)])],
    ['an image in one chunk', (text) => image(text, () => 1 << 20)],
    ['an image in many chunks', (text) => image(text, () => 400)],
    ['an image in two chunks', (text) => image(text, (size) => size / 2)],
    [
      'an archive of everything',
      (text) => Buffer.concat([zipEntry(text), zipEntry(OLD), deflateSync(text), fullGzip(text)]),
    ],
  ];

  it.each(containers)('sees through %s', async (_, pack) => {
    const size = await roundTrip(pack(OLD), pack(NEW));
    expect(size).toBeLessThan(pack(NEW).length / 3);
  });

  it('takes an image that is not cut evenly for bytes', async () => {
    const uneven = image(NEW, (_, done) => 400 + done);
    expect(
      await codec.encode(
        image(OLD, () => 400),
        uneven,
      ),
    ).toBeUndefined();
    await roundTrip(uneven, gzipSync(NEW));
  });

  it('opens the target alone where the source has no stream', async () => {
    expect(await roundTrip(OLD, gzipSync(NEW))).toBeLessThan(gzipSync(NEW).length / 4);
  });

  it('leaves a pair without streams alone', async () => {
    expect(await codec.encode(OLD, NEW)).toBeUndefined();
    expect(await codec.encode(gzipSync(OLD), NEW)).toBeUndefined();
  });

  it('leaves a pair alone where little of the target is in streams', async () => {
    expect(
      await codec.encode(OLD, Buffer.concat([noise(100_000), gzipSync(NEW.subarray(0, 2000))])),
    ).toBeUndefined();
  });

  it('keeps a stream that both have as it is', async () => {
    const [same, more] = [gzipSync(noise(20_000)), gzipSync(NEW)];
    expect(await roundTrip(Buffer.concat([same, gzipSync(OLD)]), Buffer.concat([more, same]))).toBeLessThan(
      700,
    );
  });

  it('refers to the corrections of the source where both are by an encoder that it does not know', async () => {
    const texts = [lines(0, 3000), `${lines(0, 1000)}a new line\n${lines(1001, 3000)}`];
    const [source = noise(1), target = noise(1)] = texts.map((text) => gzipSync(text, { level: 5 }));
    const payload = await encoded(source, target);
    expect(Buffer.compare(await decoded(source, payload, target.length), target)).toBe(0);
    const asked: number[] = [];
    const reader = new VarintReader(payload.subarray(1));
    const none = () => parseList(reader, (gaps) => new Uint8Array(asked.push(...gaps) * 0));
    expect(none).toThrow(RangeError);
    expect(asked).toEqual([10]);
    for (let bit = 0; bit < payload.length * 8; bit += 61)
      await expectHarmless(source, turnBit(payload, bit), target.length);
  });

  it('takes streams above its limits for bytes', async () => {
    const large = deflateSync(Buffer.alloc(INFLATED_LIMITS.stream + 1, NEW), { level: 1 });
    const target = Buffer.concat([large, gzipSync(lines(0, 9000))]);
    await roundTrip(large, target);
  }, 60_000);

  it('round-trips streams of any writer', async () => {
    const options = fc.record({
      level: fc.nat(9),
      strategy: fc.constantFrom(0, 1, 2, 4),
      memLevel: fc.integer({ min: 1, max: 9 }),
    });
    await fc.assert(
      fc.asyncProperty(options, fc.nat(NEW.length - 100), async (how, cut) => {
        const source = Buffer.concat([
          Buffer.from('PK'),
          gzipSync(OLD.subarray(0, cut), how),
          deflateSync(OLD, how),
        ]);
        const target = Buffer.concat([
          gzipSync(NEW.subarray(cut), how),
          Buffer.from('PK\x03\x04'),
          deflateSync(NEW, how),
        ]);
        await roundTrip(source, target);
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});

// The example of `manifests/spec/inflated.md`.
describe('the example of the specification', () => {
  const source = Buffer.from('1f8b08000000000002034b4acc034285a4c4bc14280de3c2c400e40adb7d22000000', 'hex');
  const target = Buffer.from(
    '1f8b08000000000002034b4acc4bcc4b54484acc4b81d230ae42669e025c0200173e077f27000000',
    'hex',
  );
  const payload =
    '0210010a010a27ba0200000000000000000034000000310000001700000028b52ffd2031750000281f696e206102003c097a497505';

  it('is what is written', async () => {
    expect(Buffer.from(await encoded(source, target)).toString('hex')).toBe(payload);
  });

  it('is read', async () => {
    expect((await decoded(source, Buffer.from(payload, 'hex'), target.length)).equals(target)).toBe(true);
  });
});

describe('a hostile payload', () => {
  const source = gzipSync(OLD.subarray(0, 600));
  const target = gzipSync(NEW.subarray(0, 640));

  it('that is cut off is refused', async () => {
    const payload = await encoded(source, target);
    for (let size = 0; size < payload.length; size += 1)
      await expect(decoded(source, payload.subarray(0, size), target.length)).rejects.toBeInstanceOf(
        DeltaError,
      );
  });

  it('with a bit turned is refused, or gives bytes for the digest to judge', async () => {
    const payload = await encoded(source, target);
    for (let bit = 0; bit < payload.length * 8; bit += 1) {
      await expectHarmless(source, turnBit(payload, bit), target.length);
    }
  });

  it('of any bytes does no harm', async () => {
    const payload = fc.uint8Array({ maxLength: 40 }).map((rest) => Buffer.concat([Buffer.from([2]), rest]));
    await fc.assert(fc.asyncProperty(payload, (bytes) => expectHarmless(source, bytes, target.length)));
  });

  const stream: TargetStream = { gap: 0, size: 100, profile: 9, trailer: 0, correction: new Uint8Array(0) };
  const chunks = (size: number, total: number) => ({
    trailer: 3 as const,
    chunks: { header: 0x789c, size, total },
  });
  const list: StreamList = { source: [10], target: [stream], tail: 0 };
  const rows: [string, StreamList][] = [
    ['names a stream of the source where there is none', { ...list, source: [11] }],
    ['names a stream behind the source', { ...list, source: [source.length + 1] }],
    ['names a stream within another', { ...list, source: [10, 0] }],
    ['names an unknown profile', { ...list, target: [{ ...stream, profile: 99 }] }],
    ['makes more than the target', { ...list, tail: 10_000 }],
    [
      'makes a stream of more than the target',
      { ...list, target: [{ ...stream, size: INFLATED_LIMITS.stream }] },
    ],
    ['cuts an image into chunks of nothing', { ...list, target: [{ ...stream, ...chunks(0, 30) }] }],
    ['cuts an image into chunks for more', { ...list, target: [{ ...stream, ...chunks(1000, 1000) }] }],
    ['cuts an image into chunks for less', { ...list, target: [{ ...stream, ...chunks(10, 10) }] }],
    ['has a form of another size', { ...list, tail: 1 }],
    [
      'has a correction for nothing',
      { ...list, target: [{ ...stream, correction: Buffer.from([0, 0, 0, 90, 1, 5]) }] },
    ],
  ];

  it.each(rows)('that %s is refused', async (_, damaged) => {
    const inner = (await zstdPatch.encode(source, Buffer.alloc(100, 'text '))) ?? new Uint8Array(0);
    const good = deflateRawSync(Buffer.alloc(100, 'text '), { level: 9 }).length;
    const payload = (from: StreamList) => Buffer.concat([Buffer.from([2]), formatList(from), inner]);
    await expect(decoded(source, payload(damaged), good + 100)).rejects.toMatchObject({ code: 'bad-delta' });
  });

  it('whose source is a bomb is refused', async () => {
    const bomb = gzipSync(new Uint8Array(INFLATED_LIMITS.source / 2));
    const source = Buffer.concat([bomb, bomb, bomb]);
    const gaps = [10, 18, 18];
    const payload = Buffer.concat([Buffer.from([2]), formatList({ source: gaps, target: [], tail: 0 })]);
    await expect(decoded(source, payload, 0)).rejects.toMatchObject({ code: 'bad-delta' });
  });

  it('whose list is a bomb is refused', async () => {
    const payload = new VarintWriter();
    payload.write(2);
    payload.write(2 * (INFLATED_LIMITS.list + 1) + 1);
    await expect(decoded(source, payload.take(), 100)).rejects.toMatchObject({ code: 'bad-delta' });
  });

  it('for another codec is unknown', async () => {
    const payload = Buffer.from(await encoded(source, target));
    payload[0] = 99;
    await expect(decoded(source, payload, target.length)).rejects.toMatchObject({ code: 'unknown-codec' });
  });
});

function turnBit(bytes: Uint8Array, bit: number): Uint8Array {
  const turned = Buffer.from(bytes);
  turned.writeUInt8(turned.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
  return turned;
}

async function expectHarmless(source: Uint8Array, payload: Uint8Array, targetSize: number): Promise<void> {
  try {
    expect((await decoded(source, payload, targetSize)).length).toBeLessThanOrEqual(targetSize);
  } catch (error) {
    expect(error).toBeInstanceOf(DeltaError);
  }
}

async function roundTrip(source: Uint8Array, target: Uint8Array): Promise<number> {
  const payload = await encoded(source, target);
  expect(Buffer.compare(await decoded(source, payload, target.length), target)).toBe(0);
  return payload.length;
}

async function encoded(source: Uint8Array, target: Uint8Array): Promise<Uint8Array> {
  const payload = await codec.encode(source, target);
  if (payload === undefined) throw new Error('the target has streams');
  return payload;
}

async function decoded(source: Uint8Array, payload: Uint8Array, targetSize: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of codec.decode(bytesSource(source), payload, targetSize))
    chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

function lines(from: number, to: number): string {
  return Array.from({ length: to - from }, (_, index) => `line ${(from + index) ** 2} of the text\n`).join(
    '',
  );
}

/** RFC 1952, section 2.3, with all that a header can have. */
function fullGzip(text: Buffer): Buffer {
  const header = Buffer.from('1f8b081f00000000020304006162636e6e616d650063000000', 'hex');
  const plain = gzipSync(text, { level: constants.Z_BEST_COMPRESSION });
  return Buffer.concat([header, plain.subarray(10)]);
}

/** A local header and its data, without the directory. */
function zipEntry(text: Buffer): Buffer {
  const packed = deflateRawSync(text, { level: 6 });
  const header = Buffer.from(`504b03041400000008000000${'0'.repeat(36)}`, 'hex');
  header.writeUInt32LE(crc32(text), 14);
  header.writeUInt32LE(packed.length, 18);
  header.writeUInt32LE(text.length, 22);
  header.writeUInt16LE(4, 26);
  return Buffer.concat([header, Buffer.from('name'), packed]);
}

/** A PNG image, but for its other chunks, cut where `cut` says by the bytes of data in all and so far. */
function image(text: Buffer, cut: (size: number, done: number) => number): Buffer {
  const data = deflateSync(text);
  const parts = [Buffer.from('89504e470d0a1a0a', 'hex')];
  for (let done = 0; done < data.length; ) {
    const part = data.subarray(done, done + Math.ceil(cut(data.length, done)));
    parts.push(chunk('IDAT', part));
    done += part.length;
  }
  return Buffer.concat([...parts, chunk('IEND', Buffer.alloc(0))]);
}

function chunk(type: string, data: Uint8Array): Buffer<ArrayBuffer> {
  const bytes = Buffer.concat([Buffer.alloc(4), Buffer.from(type), data, Buffer.alloc(4)]);
  bytes.writeUInt32BE(data.length);
  bytes.writeUInt32BE(crc32(bytes.subarray(4, -4)), bytes.length - 4);
  return bytes;
}
