import { once } from 'node:events';
import { request } from 'node:http';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { createTestAuthority } from '../../client/src/repository/test-certificates.ts';

/** The server at `target` over HTTPS, with a certificate of an authority that nobody knows. */
export interface TlsFront extends AsyncDisposable {
  readonly url: string;
  /** The authority's own certificate. */
  readonly caFile: string;
}

/** Certificates go to the folder `scratch`. */
export async function startTlsFront(target: string, scratch: string): Promise<TlsFront> {
  const authority = createTestAuthority(scratch);
  const server = createServer(authority.issue('IP:127.0.0.1'), (incoming, answer) => {
    const { host: _, ...headers } = incoming.headers;
    const onward = request(`${target}${incoming.url}`, { headers }, (response) => {
      answer.writeHead(response.statusCode ?? 502, response.headers);
      response.pipe(answer);
    });
    onward.on('error', () => answer.destroy());
    onward.end();
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}`,
    caFile: authority.caFile,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
