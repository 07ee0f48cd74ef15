import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type RequestListener, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { openSource } from './open-source.ts';
import type { Repository, RepositoryOptions } from './repository.ts';

/** A real server on a free port, for tests; it remembers what it was asked. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly requests: readonly { readonly path: string; readonly headers: IncomingHttpHeaders }[];
  connections: number;
}

/** Answers request number `index` (from 0). */
export type Answerer = (response: ServerResponse, asked: Asked) => void;

export interface Asked {
  readonly index: number;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

export interface TlsFiles {
  readonly key: string;
  readonly cert: string;
}

export async function startServer(answer: Answerer, tls?: TlsFiles): Promise<TestServer> {
  const requests: { path: string; headers: IncomingHttpHeaders }[] = [];
  const listener: RequestListener = ({ url: path = '', headers }, response) => {
    requests.push({ path, headers });
    answer(response, { index: requests.length - 1, path, headers });
  };
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener);
  server.keepAliveTimeout = 60_000;
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const started: TestServer = {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}/repo`,
    port,
    requests,
    connections: 0,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  server.on('connection', () => started.connections++);
  return started;
}

/** An honest server's answer: ranges, If-Range, strong entity tag. */
export function answerObject(
  response: ServerResponse,
  { headers }: Asked,
  bytes: Buffer,
  etag = '"one"',
): void {
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
  const isSame = headers['if-range'] === undefined || headers['if-range'] === etag;
  if (first === undefined || !isSame) {
    response.writeHead(200, { etag, 'content-length': bytes.length });
    response.end(bytes);
    return;
  }
  const start = Number(first);
  const end = last === '' ? bytes.length : Math.min(Number(last) + 1, bytes.length);
  if (start >= bytes.length) {
    answerStatus(response, 416, { 'content-range': `bytes */${bytes.length}` });
    return;
  }
  const body = bytes.subarray(start, end);
  response.writeHead(206, {
    etag,
    'content-length': body.length,
    'content-range': `bytes ${start}-${end - 1}/${bytes.length}`,
  });
  response.end(body);
}

/** The same head, but the connection breaks after `count` bytes of the body. */
export function breakAfter(
  count: number,
  response: ServerResponse,
  asked: Asked,
  bytes: Buffer,
  etag = '"one"',
): void {
  const start = Number(/^bytes=(\d+)-$/.exec(asked.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(start > 0 ? 206 : 200, {
    etag,
    'content-length': bytes.length - start,
    ...(start > 0 ? { 'content-range': `bytes ${start}-${bytes.length - 1}/${bytes.length}` } : {}),
  });
  response.write(bytes.subarray(start, start + count), () => response.socket?.destroy());
}

export function answerStatus(
  response: ServerResponse,
  status: number,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, headers);
  response.end(`status ${status}`);
}

/** A source for tests: retries without waiting, no proxies. */
export function openTestSource(
  url: string,
  options: Partial<RepositoryOptions> = {},
): Repository & AsyncDisposable {
  const source = openSource(url, {
    env: {},
    userAgent: 'swupd/test',
    now: () => performance.now(),
    random: () => 0,
    retryDelay: 1,
    ...options,
  });
  return { ...source, [Symbol.asyncDispose]: () => source.close() };
}

/** Bytes that compress badly and repeat nowhere, the same in each run. */
export function noise(length: number, seed = 1): Buffer {
  const bytes = Buffer.allocUnsafe(length);
  let state = seed;
  for (let index = 0; index < length; index++) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    bytes[index] = state >>> 24;
  }
  return bytes;
}
