import got, { type Request } from 'got';
import { requireFloorRate } from './floor-rate.ts';
import { createHttpAgents } from './http-agents.ts';
import type { AnswerHead } from './http-answer.ts';
import { httpFailure } from './http-failure.ts';
import { receivedBytes } from './received-bytes.ts';
import { DEFAULT_ANSWER_TIMEOUT, DEFAULT_FLOOR_RATE, type RepositoryOptions } from './repository.ts';
import { aborted, RepositoryError } from './repository-error.ts';

/** One GET request, as sent. */
export interface ExchangeRequest {
  readonly url: URL;
  /** The object, for messages. */
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

/** Its answer. One of `body` and `discard` has to be used. */
export interface Exchange {
  readonly head: AnswerHead;
  body(): AsyncGenerator<Uint8Array>;
  discard(): void;
}

export interface Exchanger {
  /** Any status is an answer. @throws RepositoryError `server-unreachable`, `tls-failed`, `unexpected-answer`, `aborted` */
  send(request: ExchangeRequest): Promise<Exchange>;
  /** Ends all connections, also those in use. */
  close(): void;
}

/** Counts up as exchanges go on. */
export interface ExchangeCounts {
  requests: number;
  bytes: number;
}

/** A body that nobody wants is read all the same, to keep the connection, unless it is longer, or takes more milliseconds. */
const WORTH_READING = 16 * 1024;
const WORTH_WAITING = 1000;

/** HTTP by `got`: single requests, no redirects, no retries, no decoding. @throws RepositoryError `bad-ca-file` */
export function createExchanger(options: RepositoryOptions, stats: ExchangeCounts): Exchanger {
  const agents = createHttpAgents(options);
  const client = got.extend(CLIENT_OPTIONS, { agent: { http: agents.http, https: agents.https } });
  const pending = new Set<PendingExchange>();
  let closed = false;
  return {
    async send(request) {
      if (closed || request.signal?.aborted) throw aborted(request.name, request.signal);
      stats.requests++;
      const { url, headers } = request;
      const stream = client.stream(url, { headers: { ...headers, 'user-agent': options.userAgent } });
      const exchange = new PendingExchange(stream, request, { options, stats });
      pending.add(exchange);
      stream.once('close', () => pending.delete(exchange));
      return exchange.answer();
    },
    close() {
      closed = true;
      for (const exchange of pending) exchange.abort();
      agents.close();
    },
  };
}

const CLIENT_OPTIONS = {
  retry: { limit: 0 },
  followRedirect: false,
  throwHttpErrors: false,
  decompress: false,
  // It would hide that a connection broke; sizes are checked by whoever knows the right one.
  strictContentLength: false,
  headers: { 'accept-encoding': 'identity' },
} as const;

interface Surroundings {
  readonly options: RepositoryOptions;
  readonly stats: ExchangeCounts;
}

class PendingExchange implements Exchange {
  head: AnswerHead = { status: 0, headers: {} };
  readonly #stream: Request;
  readonly #request: ExchangeRequest;
  readonly #surroundings: Surroundings;
  /** Why we ended it, which the stream would tell in its own words. */
  #reason: RepositoryError | undefined;
  readonly #onAbort = (): void => this.abort();

  constructor(stream: Request, request: ExchangeRequest, surroundings: Surroundings) {
    this.#stream = stream;
    this.#request = request;
    this.#surroundings = surroundings;
    // Errors between two reads are kept by the stream for the next one; without a listener they would end the process.
    stream.on('error', () => {});
    request.signal?.addEventListener('abort', this.#onAbort);
    stream.once('close', () => request.signal?.removeEventListener('abort', this.#onAbort));
  }

  async answer(): Promise<Exchange> {
    const { answerTimeout = DEFAULT_ANSWER_TIMEOUT } = this.#surroundings.options;
    const { promise, resolve, reject } = Promise.withResolvers<AnswerHead>();
    this.#stream.once('response', ({ statusCode, headers }) => resolve({ status: statusCode, headers }));
    this.#stream.once('error', reject);
    this.#stream.once('close', () => reject(new Error('closed before the answer')));
    const timer = setTimeout(() => this.#end(this.#noAnswer(answerTimeout)), answerTimeout);
    try {
      this.head = await promise;
      return this;
    } catch (error) {
      throw this.#reasonOf(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async *body(): AsyncGenerator<Uint8Array> {
    const { options, stats } = this.#surroundings;
    const floor = options.floorRate ?? DEFAULT_FLOOR_RATE;
    const watched = requireFloorRate(receivedBytes(this.#stream), {
      rate: floor,
      now: options.now,
      stop: () => this.#end(this.#tooSlow(floor.bytesPerSecond)),
    });
    try {
      for await (const chunk of watched) {
        stats.bytes += chunk.length;
        yield chunk;
      }
    } catch (error) {
      throw this.#reasonOf(error);
    } finally {
      this.#stream.destroy();
    }
  }

  discard(): void {
    let length = 0;
    this.#stream.on('data', (chunk: Uint8Array) => {
      this.#surroundings.stats.bytes += chunk.length;
      length += chunk.length;
      if (length > WORTH_READING) this.#stream.destroy();
    });
    this.#stream.once('end', () => this.#stream.destroy());
    // Else a server that lets its errors trickle could hold any number of connections.
    const timer = setTimeout(() => this.#stream.destroy(), WORTH_WAITING).unref();
    this.#stream.once('close', () => clearTimeout(timer));
  }

  abort(): void {
    this.#end(aborted(this.#request.name, this.#request.signal));
  }

  #end(reason: RepositoryError): void {
    this.#reason ??= reason;
    this.#stream.destroy(reason);
  }

  #reasonOf(error: unknown): RepositoryError {
    return this.#reason ?? httpFailure(error, this.#request.name, this.#request.url.host);
  }

  #noAnswer(milliseconds: number): RepositoryError {
    const { name, url } = this.#request;
    return new RepositoryError(
      'server-unreachable',
      `No answer from ${url.host} for ${name} within ${milliseconds / 1000} s.`,
      {
        details: { name, host: url.host },
        hint: 'Check the network, the proxy settings and the URL of the repository.',
      },
    );
  }

  #tooSlow(bytesPerSecond: number): RepositoryError {
    const { name, url } = this.#request;
    return new RepositoryError(
      'too-slow',
      `${url.host} sends less than ${bytesPerSecond} bytes a second of ${name}.`,
      { details: { name, host: url.host }, hint: 'Try again later, or from another mirror.' },
    );
  }
}
