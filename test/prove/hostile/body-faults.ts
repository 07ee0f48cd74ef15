import { constants, zstdCompressSync } from 'node:zlib';
import type { Random } from '../../fuzz/random.ts';
import { noise } from '../../support/noise.ts';
import { type Exchange, etagOf, sendInstead } from './exchange.ts';

/** Bytes of a body after which a client that still reads has no limit. */
const TOO_MUCH = 16 * 1024 * 1024;
const TICK = 10;

/** Bodies that are cut, stretched, slow, endless, wrong, from another time or another object. */
export const BODY_FAULTS = {
  cut: ({ response, bytes }: Exchange, random: Random) => {
    response.setHeader('etag', etagOf(bytes)).writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, random.below(bytes.length)), () => response.socket?.destroy());
  },
  'shorter than announced': ({ response, bytes }: Exchange, random: Random) => {
    response.strictContentLength = false;
    response.writeHead(200, { 'content-length': bytes.length + 1 + random.below(1000) });
    response.write(bytes, () => response.socket?.destroy());
  },
  'announced as shorter': ({ response, bytes }: Exchange, random: Random) =>
    response.writeHead(200, { 'content-length': random.below(bytes.length) }).end(bytes),
  'announced as enormous': ({ response, bytes }: Exchange) =>
    response.writeHead(200, { 'content-length': 2 ** 50 }).write(bytes),
  'a byte too many': ({ response, bytes }: Exchange) =>
    response.writeHead(200).end(Buffer.concat([bytes, Buffer.alloc(1)])),
  'a byte too few': ({ response, bytes }: Exchange) => response.writeHead(200).end(bytes.subarray(0, -1)),
  nothing: ({ response }: Exchange) => response.writeHead(200).end(),
  endless: pour,
  trickle: ({ response, bytes }: Exchange) => {
    response.writeHead(200);
    let at = 0;
    const timer = setInterval(() => response.write(bytes.subarray(at, ++at)), TICK);
    response.on('close', () => clearInterval(timer));
  },
  stall: ({ response, bytes }: Exchange) => {
    response.setHeader('etag', etagOf(bytes)).writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, bytes.length >> 1));
  },
  'one bit': (exchange: Exchange, random: Random) => {
    const bytes = Buffer.from(exchange.bytes);
    const bit = random.below(bytes.length * 8);
    if (bytes.length > 0) bytes[bit >> 3] = (bytes[bit >> 3] ?? 0) ^ (1 << (bit & 7));
    sendInstead(exchange, bytes);
  },
  'many bits': (exchange: Exchange, random: Random) => {
    const bytes = Buffer.from(exchange.bytes);
    for (let count = 1 + random.below(32); count > 0; count--)
      bytes[random.below(bytes.length)] = random.below(256);
    sendInstead(exchange, bytes);
  },
  'a piece moved': (exchange: Exchange, random: Random) => {
    const bytes = Buffer.from(exchange.bytes);
    const length = random.below(bytes.length);
    bytes.copyWithin(random.below(bytes.length), random.below(bytes.length), length);
    sendInstead(exchange, bytes);
  },
  noise: (exchange: Exchange, random: Random) =>
    sendInstead(exchange, noise(random.below(1000), exchange.bytes.length)),
  zeros: (exchange: Exchange) => sendInstead(exchange, Buffer.alloc(exchange.bytes.length)),
  'another object': (exchange: Exchange, random: Random) =>
    sendInstead(exchange, random.pick([...exchange.objects.values()])),
  'another object of its length': (exchange: Exchange, random: Random) => {
    const bytes = Buffer.alloc(exchange.bytes.length);
    random.pick([...exchange.objects.values()]).copy(bytes);
    sendInstead(exchange, bytes);
  },
  'the file before': (exchange: Exchange) =>
    sendInstead(exchange, exchange.world.old.get(exchange.name) ?? exchange.bytes),
  bomb: (exchange: Exchange) => sendInstead(exchange, bombOf(exchange.bytes.length)),
};

/** As many bytes as a frame of zeros of a hundred thousand times their number takes, or nearly. */
function bombOf(length: number): Buffer {
  const bomb = Buffer.alloc(length);
  BOMB.copy(bomb);
  return bomb;
}

/** 64 MiB in about 6 kB. */
const BOMB = zstdCompressSync(Buffer.alloc(64 * 1024 * 1024), {
  params: { [constants.ZSTD_c_compressionLevel]: 1 },
});

function pour(exchange: Exchange): void {
  const { response, name } = exchange;
  const chunk = Buffer.alloc(256 * 1024, 0x61);
  let sent = 0;
  const more = (): void => {
    while (!response.destroyed) {
      sent += chunk.length;
      if (sent > TOO_MUCH) {
        exchange.accuse(`takes ${sent} bytes of ${name}, which has ${exchange.bytes.length}`);
        response.destroy();
        return;
      }
      if (!response.write(chunk)) return;
    }
  };
  response.writeHead(200);
  response.on('drain', more);
  more();
}
