import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Objects, World } from './world.ts';

/** One request with all that a fault may use to answer it. */
export interface Exchange {
  readonly name: string;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly world: World;
  /** What is published at the moment. */
  readonly objects: Objects;
  /** The bytes of the object; none for what is not published. */
  readonly bytes: Buffer;
  /** The range asked for, as far as it lies in the object. */
  readonly range: AskedRange | undefined;
  /** This server, and another one of the same attacker. */
  readonly own: string;
  readonly other: string;
  /** Notes something that the client must not do. */
  accuse(what: string): void;
}

export interface AskedRange {
  readonly start: number;
  /** The byte behind the last one. */
  readonly end: number;
}

/** The honest answer, RFC 9110: the part that was asked for if the object is still the same one. */
export function answerHonestly(exchange: Exchange): void {
  const { response, bytes, range, objects, name } = exchange;
  if (!objects.has(name)) {
    response.writeHead(404).end('no such file');
    return;
  }
  const etag = etagOf(bytes);
  if (range === undefined)
    response.setHeader('etag', etag).writeHead(200, { 'content-length': bytes.length }).end(bytes);
  else sendPart(exchange, bytes.subarray(range.start, range.end), { etag });
}

/** A part with a head that fits the range asked for, whatever the bytes are. */
export function sendPart(
  { response, bytes, range }: Exchange,
  body: Uint8Array,
  headers: Readonly<Record<string, string | number>>,
): void {
  const { start, end } = range ?? { start: 0, end: bytes.length };
  const content = `bytes ${start}-${end - 1}/${bytes.length}`;
  for (const [key, value] of Object.entries(headers)) response.setHeader(key, value);
  response.writeHead(206, { 'content-range': content, 'content-length': body.length }).end(body);
}

/** Bytes as if they were those asked for: the same head as an honest answer. */
export function sendInstead(exchange: Exchange, bytes: Buffer): void {
  answerHonestly({ ...exchange, bytes, objects: new Map([[exchange.name, bytes]]) });
}

export function etagOf(bytes: Uint8Array): string {
  let sum = 0;
  for (const byte of bytes) sum = (Math.imul(sum, 31) + byte) | 0;
  return `"${bytes.length.toString(16)}-${(sum >>> 0).toString(16)}"`;
}

/** What `Range` and `If-Range` say for an object of this size and tag; undefined is all of it. */
export function rangeOf(request: IncomingMessage, bytes: Uint8Array): AskedRange | undefined {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(request.headers.range ?? '') ?? [];
  if (first === undefined) return undefined;
  const condition = request.headers['if-range'];
  if (condition !== undefined && condition !== etagOf(bytes)) return undefined;
  const start = Number(first);
  const end = last === '' ? bytes.length : Math.min(Number(last) + 1, bytes.length);
  return start < end ? { start, end } : undefined;
}
