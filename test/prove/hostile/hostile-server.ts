import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { answerHonestly, type Exchange, rangeOf } from './exchange.ts';
import { REDIRECTED } from './head-faults.ts';
import type { Objects, World } from './world.ts';

/** A server that answers each request as it is told. */
export interface HostileServer extends AsyncDisposable {
  readonly url: string;
  /** What is published. */
  objects: Objects;
  /** How to answer request number `count` (from 0) for `name`; undefined is honestly. */
  answer: (name: string, count: number) => ((exchange: Exchange) => void) | undefined;
  /** What the client did that it must not do, since the last reset. */
  readonly accusations: string[];
  /** Requests since the last reset: all, those for a part, those that go on with an object. */
  readonly counts: { requests: number; parts: number; resumes: number };
  /** Ends all connections, and forgets what has been. */
  reset(): void;
}

/** `other` is what it redirects to where it redirects to another host. */
export async function startHostileServer(world: World, other = 'http://127.0.0.1:9'): Promise<HostileServer> {
  const asked = new Map<string, number>();
  const tagged = new Set<string>();
  const untagged = new Set<string>();
  const http = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const [path = '', query] = (request.url ?? '').split('?');
    const name = path.slice(1);
    const count = asked.get(name) ?? 0;
    asked.set(name, count + 1);
    if (query !== REDIRECTED) watchResume(request, name);
    const exchange = exchangeOf(name, request, response);
    const answer = server.answer(name, count) ?? answerHonestly;
    response.on('error', () => {});
    answer(exchange);
    const tag = response.getHeader('etag');
    (typeof tag === 'string' && tag.startsWith('"') ? tagged : untagged).add(name);
  });
  const server: HostileServer = {
    url: '',
    objects: world.now,
    answer: () => undefined,
    accusations: [],
    counts: { requests: 0, parts: 0, resumes: 0 },
    reset() {
      http.closeAllConnections();
      asked.clear();
      tagged.clear();
      untagged.clear();
      server.accusations.length = 0;
      Object.assign(server.counts, { requests: 0, parts: 0, resumes: 0 });
    },
    async [Symbol.asyncDispose]() {
      http.closeAllConnections();
      http.close();
      await once(http, 'close');
    },
  };
  const exchangeOf = (name: string, request: IncomingMessage, response: ServerResponse): Exchange => {
    const bytes = server.objects.get(name) ?? Buffer.alloc(0);
    const accuse = (what: string): void => void server.accusations.push(what);
    const range = rangeOf(request, bytes);
    return {
      name,
      request,
      response,
      world,
      objects: server.objects,
      bytes,
      range,
      own: server.url,
      other,
      accuse,
    };
  };
  /**
   * What was begun with a strong tag goes on only as long as the object has it: else two objects are put together. Bytes that came
   * without one may go on without.
   */
  const watchResume = ({ headers }: IncomingMessage, name: string): void => {
    server.counts.requests++;
    if (headers.range === undefined) return;
    server.counts.parts++;
    if (!/^bytes=[1-9]\d*-$/.test(headers.range)) return;
    server.counts.resumes++;
    if (tagged.has(name) && !untagged.has(name) && headers['if-range'] === undefined)
      server.accusations.push(`goes on with ${name} without If-Range`);
  };
  http.on('clientError', (_, socket) => socket.destroy());
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  return Object.assign(server, { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` });
}
