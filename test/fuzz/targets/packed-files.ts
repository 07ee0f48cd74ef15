import { constants, crc32, deflateSync, gzipSync } from 'node:zlib';
import type { Pair } from './pairs.ts';

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/** The same two texts within gzip streams, with something around them. */
export function gzipPair({ name, source, target }: Pair): Pair {
  const old = Buffer.concat([Buffer.from('head'), gzipSync(source), Buffer.from('tail')]);
  const streams = [gzipSync(target, { level: 9 }), gzipSync(target, { level: 1 })];
  return { name, source: old, target: Buffer.concat([Buffer.from('new head'), ...streams]) };
}

/** Streams of an encoder that takes no short matches, so that both have long corrections of the same kind. */
export const FOREIGN_PAIR: Pair = {
  name: 'foreign',
  source: gzipSync(recordsOf(0), { strategy: constants.Z_FILTERED, memLevel: 3 }),
  target: gzipSync(recordsOf(7), { strategy: constants.Z_FILTERED, memLevel: 3 }),
};

/** The same two texts as the pixels of images. */
export function imagePair({ name, source, target }: Pair): Pair {
  return { name: `${name}-image`, source: image(source, 9), target: image(target, 6) };
}

/** A PNG file as far as its chunks go, with its data in two of them. */
function image(pixels: Uint8Array, level: number): Uint8Array {
  const data = deflateSync(pixels, { level });
  const middle = data.length >> 1;
  return Buffer.concat([
    PNG_SIGNATURE,
    chunk('IHDR', Buffer.alloc(13)),
    chunk('IDAT', data.subarray(0, middle)),
    chunk('IDAT', data.subarray(middle)),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const bytes = Buffer.alloc(body.length + 8);
  bytes.writeUInt32BE(data.length, 0);
  bytes.set(body, 4);
  bytes.writeUInt32BE(crc32(body), body.length + 4);
  return bytes;
}

function recordsOf(first: number): string {
  return Array.from(
    { length: 160 },
    (_, index) => `${((index + first) * 7919) % 46_656}: ${index % 13};`,
  ).join('');
}
