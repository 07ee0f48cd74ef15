import type { Random } from '../../fuzz/random.ts';
import { answerHonestly, type Exchange, etagOf, sendPart } from './exchange.ts';

/** Answers to requests for a part; what asks for all of an object is answered honestly, or with a part all the same. */
export const RANGE_FAULTS = {
  'ranges ignored': ({ response, bytes }: Exchange) =>
    response.setHeader('etag', etagOf(bytes)).writeHead(200, { 'content-length': bytes.length }).end(bytes),
  'a part nobody asked for': ({ response, bytes }: Exchange, random: Random) => {
    const start = random.below(bytes.length);
    const part = bytes.subarray(start);
    response
      .writeHead(206, { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` })
      .end(part);
  },
  'a part of no range': ({ response, bytes }: Exchange) => response.writeHead(206).end(bytes),
  'a range that is none': ({ response, bytes }: Exchange, random: Random) =>
    response
      .writeHead(206, {
        'content-range': random.pick([
          'bytes */5',
          'bytes 5-2/9',
          'lines 0-1/2',
          'bytes 0-0/*',
          'bytes 0-18446744073709551615/18446744073709551616',
        ]),
      })
      .end(bytes),
  'several parts': ({ response, bytes }: Exchange) =>
    response
      .writeHead(206, { 'content-type': 'multipart/byteranges; boundary=b' })
      .end(Buffer.concat([Buffer.from('--b\r\n\r\n'), bytes, Buffer.from('\r\n--b--')])),
  'shifted part': (exchange: Exchange, random: Random) => {
    const { bytes, range } = exchange;
    if (range === undefined) return answerHonestly(exchange);
    const shift = Math.min(1 + random.below(100), range.start);
    sendPart(exchange, bytes.subarray(range.start - shift, range.end - shift), { etag: etagOf(bytes) });
  },
  'short part': (exchange: Exchange) => {
    const { bytes, range } = exchange;
    if (range === undefined) return answerHonestly(exchange);
    sendPart(exchange, bytes.subarray(range.start, range.end - 1), {});
  },
  'part of something else': (exchange: Exchange, random: Random) => {
    const { range, objects, bytes } = exchange;
    if (range === undefined) return answerHonestly(exchange);
    const other = Buffer.alloc(bytes.length);
    random.pick([...objects.values()]).copy(other);
    // Under the right tag: only the digest can tell.
    sendPart(exchange, other.subarray(range.start, range.end), { etag: etagOf(bytes) });
  },
  'changed tag': ({ response, bytes, range }: Exchange, random: Random) => {
    const etag = `"changed-${random.word()}"`;
    if (range === undefined) {
      response.setHeader('etag', etag).writeHead(200, { 'content-length': bytes.length });
      response.write(bytes.subarray(0, random.below(bytes.length)), () => response.socket?.destroy());
    } else {
      response
        .setHeader('etag', etag)
        .writeHead(206, { 'content-range': `bytes ${range.start}-${range.end - 1}/${bytes.length}` })
        .end(bytes.subarray(range.start, range.end));
    }
  },
  'not satisfiable': ({ response }: Exchange) =>
    response.writeHead(416, { 'content-range': 'bytes */1' }).end('no'),
};
