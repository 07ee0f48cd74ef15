import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Duplex } from 'node:stream';
import { getCACertificates } from 'node:tls';
import type { RepositoryOptions } from './repository.ts';
import { RepositoryError } from './repository-error.ts';

export interface HttpAgents {
  readonly http: HttpAgent;
  readonly https: HttpsAgent;
  /** Ends all connections, also those in use. */
  close(): void;
}

/**
 * Connections that are kept and reused, through the proxies that `env` names. How many there are at a time is for the
 * queue of downloads to say.
 * @throws RepositoryError `bad-ca-file`
 */
export function createHttpAgents({ env, caFile }: Pick<RepositoryOptions, 'env' | 'caFile'>): HttpAgents {
  const shared = { keepAlive: true, proxyEnv: env } as const;
  const http = new HttpAgent(shared);
  const https = new TrackingHttpsAgent({
    ...shared,
    minVersion: 'TLSv1.2',
    // `ca` replaces the defaults, so they are named here: the bundled ones and NODE_EXTRA_CA_CERTS.
    ...(caFile === undefined ? {} : { ca: [...getCACertificates('default'), readCaFile(caFile)] }),
  });
  return {
    http,
    https,
    close() {
      http.destroy();
      https.destroy();
    },
  };
}

/**
 * An agent knows its connections only once they are usable. One to a proxy that never opens the tunnel would outlive
 * `destroy`, and keep the process alive.
 */
class TrackingHttpsAgent extends HttpsAgent {
  readonly #sockets = new Set<Duplex>();

  override createConnection(
    ...args: Parameters<HttpsAgent['createConnection']>
  ): ReturnType<HttpsAgent['createConnection']> {
    const socket = super.createConnection(...args);
    if (socket) {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    }
    return socket;
  }

  override destroy(): void {
    super.destroy();
    for (const socket of this.#sockets) socket.destroy();
  }
}

function readCaFile(path: string): string {
  try {
    const text = readFileSync(path, 'utf8');
    new X509Certificate(text);
    return text;
  } catch (cause) {
    throw new RepositoryError('bad-ca-file', `${path} holds no readable PEM certificates.`, {
      details: { path },
      hint: 'Give a file with CA certificates in PEM form.',
      cause,
    });
  }
}
