import { once } from 'node:events';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request as it went by. */
export interface Passage {
  /** Name in the repository, without leading slash. */
  readonly name: string;
  readonly range: string | undefined;
  readonly status: number;
  /** Bytes of the body that were let through. */
  bytes: number;
}

/** What a gateway may do to a request instead of passing it on. */
export type Fault =
  | { readonly kind: 'cut'; readonly after: number }
  | { readonly kind: 'corrupt'; readonly at: number }
  | { readonly kind: 'status'; readonly status: number }
  /** Answers with the whole file, whatever part was asked for. */
  | { readonly kind: 'no-range' }
  /** Answers with this part, whatever was asked for. */
  | { readonly kind: 'part'; readonly range: string };

export interface Gateway extends AsyncDisposable {
  readonly url: string;
  readonly passages: Passage[];
  /** Decides for each request; undefined passes it on. */
  fault: (name: string, count: number) => Fault | undefined;
  /** Hears of each request before it is answered. */
  onRequest: (name: string) => void;
  /** Lets a request wait before it is answered. */
  hold: (name: string) => Promise<void> | undefined;
  /** Forgets what went by so far. */
  reset(): void;
  bytes(prefix?: string): number;
}

/** A real HTTP server before another one: counts what goes by, and breaks connections on request. */
export async function startGateway(target: string): Promise<Gateway> {
  const passages: Passage[] = [];
  const server = createServer((incoming, answer) => void pass(incoming, answer));
  const gateway: Gateway = {
    url: '',
    passages,
    fault: () => undefined,
    onRequest: () => {},
    hold: () => undefined,
    reset: () => passages.splice(0),
    bytes: (prefix = '') =>
      passages.filter(({ name }) => name.startsWith(prefix)).reduce((sum, { bytes }) => sum + bytes, 0),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  const pass = async (incoming: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const name = (incoming.url ?? '').replace(/^\//, '');
    gateway.onRequest(name);
    await gateway.hold(name);
    const fault = gateway.fault(name, passages.filter((passage) => passage.name === name).length);
    if (fault?.kind === 'status') {
      passages.push({ name, range: incoming.headers.range, status: fault.status, bytes: 0 });
      answer.writeHead(fault.status).end();
      return;
    }
    const { method = 'GET' } = incoming;
    const { host: _, ...headers } = incoming.headers;
    if (fault?.kind === 'no-range') delete headers.range;
    if (fault?.kind === 'part') headers.range = fault.range;
    const forward = request(`${target}/${name}`, { method, headers });
    forward.on('response', (response) => relay(response, answer, { name, incoming, fault }));
    forward.on('error', () => answer.destroy());
    forward.end();
  };
  const relay = (
    response: IncomingMessage,
    answer: ServerResponse,
    { name, incoming, fault }: { name: string; incoming: IncomingMessage; fault: Fault | undefined },
  ): void => {
    const status = response.statusCode ?? 0;
    const passage: Passage = { name, range: incoming.headers.range, status, bytes: 0 };
    passages.push(passage);
    answer.writeHead(status, response.headers);
    response.on('data', (chunk: Buffer) => {
      const start = passage.bytes;
      const room = fault?.kind === 'cut' ? Math.max(0, fault.after - start) : chunk.length;
      const part = Buffer.from(chunk.subarray(0, room));
      if (fault?.kind === 'corrupt' && fault.at >= start && fault.at < start + part.length) {
        part[fault.at - start] = (part[fault.at - start] ?? 0) ^ 0xff;
      }
      passage.bytes += part.length;
      if (fault?.kind === 'cut' && passage.bytes >= fault.after) {
        response.destroy();
        answer.write(part, () => answer.destroy());
      } else answer.write(part);
    });
    response.on('end', () => answer.end());
    response.on('error', () => answer.destroy());
  };
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return Object.assign(gateway, { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}
