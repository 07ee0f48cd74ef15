import type { AddressInfo } from 'node:net';
import { LAYOUT } from '@swupd/manifests';
import { GracefulHttpServer } from './graceful-http-server.ts';
import { HTTP_LIMITS } from './http-limits.ts';
import { HttpServerError } from './http-server-error.ts';
import type { Logger } from './logger.ts';
import { isRepository } from './read-health.ts';
import { createRepositoryApp } from './repository-app.ts';

export interface RepositoryServerOptions {
  /** The repository's folder; its files are read anew for every request. */
  readonly repository: string;
  readonly logger: Logger;
  /** Milliseconds on a clock that never goes back. */
  readonly now?: () => number;
  /** How many milliseconds running downloads get when the server closes. */
  readonly closeGrace?: number;
}

export interface RepositoryServer {
  /**
   * Begins to answer; `port` 0 takes a free one.
   * @throws HttpServerError `not-a-repository`, `port-in-use`, `listen-failed`
   */
  listen(host: string, port: number): Promise<{ url: string; port: number }>;
  /** Stops accepting, lets running downloads finish within the grace, and resolves when all connections are closed. */
  close(): Promise<void>;
}

export function createRepositoryServer(options: RepositoryServerOptions): RepositoryServer {
  const { repository, logger, now = () => performance.now(), closeGrace = HTTP_LIMITS.closeGrace } = options;
  const server = new GracefulHttpServer(createRepositoryApp(repository, { logger, now }));
  return {
    async listen(host, port) {
      await requireRepository(repository);
      await startListening(server, host, port);
      const address = server.address() as AddressInfo;
      const url = `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
      logger.info({ url, repository }, 'listening');
      return { url, port: address.port };
    },
    async close() {
      await server.stop(closeGrace);
      logger.info('closed');
    },
  };
}

async function requireRepository(repository: string): Promise<void> {
  if (await isRepository(repository)) return;
  throw new HttpServerError('not-a-repository', `'${repository}' is no repository that can be served`, {
    details: { repository, missing: LAYOUT.root(1) },
    hint: `Check the path and that ${LAYOUT.root(1)} in it can be read, or make a repository with 'swupd-server init'.`,
  });
}

function startListening(server: GracefulHttpServer, host: string, port: number): Promise<void> {
  // Node takes it for all addresses, which nobody asked for.
  if (host === '') return Promise.reject(listenError(new Error('the host is empty'), host, port));
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException) => reject(listenError(error, host, port));
    server.once('error', fail);
    server.listen({ host, port }, () => {
      server.off('error', fail);
      resolve();
    });
  });
}

function listenError(cause: NodeJS.ErrnoException, host: string, port: number): HttpServerError {
  const details = { host, port, reason: cause.code };
  if (cause.code === 'EADDRINUSE') {
    return new HttpServerError('port-in-use', `another program listens on port ${port} of ${host} already`, {
      details,
      hint: 'Stop the other program, or pass another --port (0 takes a free one).',
      cause,
    });
  }
  return new HttpServerError('listen-failed', `can't listen on port ${port} of ${host}: ${cause.message}`, {
    details,
    hint: 'Check that --host is an address of this machine; ports below 1024 need a privilege.',
    cause,
  });
}
