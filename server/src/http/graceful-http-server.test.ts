import { once } from 'node:events';
import { get, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { expect, test } from 'vitest';
import { GracefulHttpServer } from './graceful-http-server.ts';

/** More than the network takes in one go, so most of it waits in this process. */
const SIZE = 32 * 1024 * 1024;

test('an answer that is complete, but not yet written to the network, arrives whole', async () => {
  const server = new GracefulHttpServer((_request, response) => response.end(Buffer.alloc(SIZE)));
  const response = await request(server);
  const stopped = server.stop(10_000);
  expect((await buffer(response)).length).toBe(SIZE);
  await stopped;
});

test('a connection without a request is closed at once', async () => {
  const server = new GracefulHttpServer((_request, response) => response.end());
  const response = await request(server);
  const closed = once(response.socket, 'close');
  await buffer(response);
  await server.stop(10_000);
  await closed;
});

async function request(server: Server): Promise<IncomingMessage> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const asked = get({ port, host: '127.0.0.1', headers: { Connection: 'keep-alive' } });
  const [response] = await once(asked, 'response');
  return response as IncomingMessage;
}
