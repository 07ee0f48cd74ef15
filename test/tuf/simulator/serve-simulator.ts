import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RepositorySimulator } from './repository-simulator.ts';

/** A simulated repository behind a real web server, below `metadata/` and `targets/`. */
export interface SimServer extends AsyncDisposable {
  readonly metadataUrl: string;
  readonly targetsUrl: string;
}

export async function serveSimulator(repo: RepositorySimulator): Promise<SimServer> {
  const server = createServer(({ url = '' }, response) => {
    const [, folder, name = ''] = /^\/(metadata|targets)\/(.+)$/.exec(url) ?? [];
    if (folder === 'metadata') answer(response, repo.fetchMetadata(name));
    else answer(response, folder === 'targets' ? repo.fetchArtifact(decodeURIComponent(name)) : undefined);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    metadataUrl: `${base}/metadata/`,
    targetsUrl: `${base}/targets/`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function answer(response: ServerResponse, bytes: Uint8Array | undefined): void {
  response.writeHead(bytes === undefined ? 404 : 200);
  response.end(bytes);
}
