import { Writable } from 'node:stream';
import { createLogger, createRepositoryServer } from '../../server/src/http/index.ts';
import { type Gateway, startGateway } from './gateway.ts';

/** A repository behind the project's own server, and a gateway before it. */
export interface Service extends AsyncDisposable {
  readonly url: string;
  readonly gateway: Gateway;
}

export async function startServer(repository: string): Promise<Service> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const server = createRepositoryServer({
    repository,
    logger: createLogger('silent', nowhere),
    closeGrace: 0,
  });
  const { url } = await server.listen('127.0.0.1', 0);
  const gateway = await startGateway(url);
  return {
    url: gateway.url,
    gateway,
    async [Symbol.asyncDispose]() {
      await gateway[Symbol.asyncDispose]();
      await server.close();
    },
  };
}
