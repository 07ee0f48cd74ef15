import type { Random } from '../../fuzz/random.ts';
import { answerHonestly, type Exchange } from './exchange.ts';

/** In the query of what is asked for because of a redirect to another object: tags are of no use there. */
export const REDIRECTED = 'redirected';

const STATUS = [
  204, 301, 304, 400, 401, 403, 404, 407, 408, 410, 418, 421, 425, 451, 500, 502, 503, 504, 507, 599, 999,
];
const PAUSES = [
  '0',
  '1',
  '999999999',
  '-1',
  '1e9',
  'soon',
  'Wed, 21 Oct 2199 07:28:00 GMT',
  'Thu, 01 Jan 1970 00:00:00 GMT',
];

/** Wrong statuses, redirects, and heads that break the rules of HTTP. */
export const HEAD_FAULTS = {
  status: ({ response }: Exchange, random: Random) => response.writeHead(random.pick(STATUS)).end('no'),
  'too many requests': ({ response }: Exchange, random: Random) =>
    response.writeHead(429, { 'retry-after': random.pick(PAUSES) }).end('busy'),
  overloaded: ({ response }: Exchange, random: Random) =>
    response.writeHead(503, { 'retry-after': random.pick(PAUSES) }).end('busy'),
  'redirect to itself': ({ response, name }: Exchange) => redirect(response, `/again/../${name}`),
  'redirect to another object': ({ response, objects }: Exchange, random: Random) =>
    redirect(response, `/${random.pick([...objects.keys()])}?${REDIRECTED}`),
  'redirect to a file': ({ response }: Exchange) => redirect(response, 'file:///etc/passwd'),
  'redirect to another host': ({ response, other, name }: Exchange) => redirect(response, `${other}/${name}`),
  'redirect to nowhere': ({ response }: Exchange, random: Random) =>
    redirect(
      response,
      random.pick(['http://', 'data:,x', 'https://127.0.0.1:1/', '//[::1', '\u00e9', 'ftp://h/']),
    ),
  'no answer': () => {},
  'connection closed': ({ response }: Exchange) => response.socket?.destroy(),
  'endless head': ({ response }: Exchange) =>
    raw(response, `HTTP/1.1 200 OK\r\n${'x-pad: 1\r\n'.repeat(20_000)}`),
  'large header': ({ response }: Exchange) =>
    raw(response, `HTTP/1.1 200 OK\r\nx: ${'y'.repeat(200_000)}\r\n\r\n`),
  'no HTTP': ({ response }: Exchange) => raw(response, '\x00\x01SSH-2.0-hello\r\n\r\n\r\n'),
  'two lengths': ({ response, bytes }: Exchange) =>
    raw(response, `HTTP/1.1 200 OK\r\ncontent-length: ${bytes.length}\r\ncontent-length: 5\r\n\r\n`, bytes),
  'chunks that are none': ({ response }: Exchange) =>
    raw(response, 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nzzzz\r\nabc\r\n'),
  'endless chunk': ({ response }: Exchange) =>
    raw(response, 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nffffffffffffffff\r\nabc'),
  interim: ({ response, bytes }: Exchange) =>
    raw(response, `${'HTTP/1.1 103 Early Hints\r\n\r\n'.repeat(500)}HTTP/1.1 200 OK\r\n\r\n`, bytes),
  encoded: ({ response, bytes }: Exchange, random: Random) =>
    response
      .writeHead(200, { 'content-encoding': random.pick(['gzip', 'zstd', 'br', 'identity, gzip']) })
      .end(bytes),
  'steering header': ({ response, bytes }: Exchange) =>
    raw(response, 'HTTP/1.1 200 \x9b2J\r\netag: "\x9b31m"\r\ncontent-encoding: \x9b\r\n\r\n', bytes),
  'odd tag': (exchange: Exchange, random: Random) => {
    exchange.response.setHeader('etag', random.pick(['W/"weak"', '"', `"${'e'.repeat(5000)}"`, '"\u00e9"']));
    answerHonestly(exchange);
  },
};

function redirect(response: Exchange['response'], location: string): void {
  response.writeHead(302, { location: Buffer.from(location, 'utf8').toString('latin1') }).end('elsewhere');
}

function raw(response: Exchange['response'], head: string, body: Uint8Array = Buffer.alloc(0)): void {
  response.socket?.end(Buffer.concat([Buffer.from(head, 'latin1'), body]));
}
