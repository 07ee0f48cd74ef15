import { type RequestListener, Server } from 'node:http';
import type { Socket } from 'node:net';
import { HTTP_LIMITS } from './http-limits.ts';

/**
 * A web server that can stop without cutting anybody short. Node's own `close` destroys connections whose last answer
 * has been handed over, but not yet been written to the network; this one waits until it has.
 */
export class GracefulHttpServer extends Server {
  /** Each connection with the number of answers under way on it. */
  readonly #connections = new Map<Socket, number>();
  #closing = false;

  constructor(listener: RequestListener) {
    super({ keepAliveTimeout: HTTP_LIMITS.idleConnection });
    this.timeout = HTTP_LIMITS.stalledConnection;
    this.on('connection', (socket: Socket) => this.#track(socket));
    this.on('request', (request, response) => {
      this.#count(request.socket, 1);
      response.once('close', () => this.#count(request.socket, -1));
      if (this.#closing) response.setHeader('Connection', 'close');
    });
    this.on('request', listener);
  }

  /** Accepts nothing new, ends what is idle, waits `grace` milliseconds for running answers, then destroys them. */
  async stop(grace: number): Promise<void> {
    this.#closing = true;
    const closed = new Promise<void>((resolve) => {
      this.close(() => resolve());
    });
    const limit = setTimeout(() => this.closeAllConnections(), grace);
    await closed;
    clearTimeout(limit);
  }

  /** Called by `close`, too. */
  override closeIdleConnections(): void {
    for (const [socket, answers] of this.#connections) if (answers === 0) socket.destroy();
  }

  #track(socket: Socket): void {
    this.#connections.set(socket, 0);
    socket.once('close', () => this.#connections.delete(socket));
  }

  #count(socket: Socket, change: number): void {
    const answers = this.#connections.get(socket);
    if (answers === undefined) return;
    this.#connections.set(socket, answers + change);
    if (this.#closing && answers + change === 0) socket.end();
  }
}
