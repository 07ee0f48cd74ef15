import { type PublishedSource, SourceError } from './published-source.ts';

/** Milliseconds without a byte after which a server is given up: one that trickles would hold an inspection for ever. */
const PATIENCE = 30_000;
const ATTEMPTS = 3;

/** A repository behind a web server; `base` is the URL of its top. */
export function httpSource(base: string): PublishedSource {
  const top = base.endsWith('/') ? base : `${base}/`;
  return {
    description: base,
    open: async (name) => {
      const answer = await ask(top, name, 'GET');
      return answer === undefined ? undefined : bodyOf(answer, name);
    },
    sizeOf: async (name) => {
      const answer = await ask(top, name, 'HEAD');
      if (answer === undefined) return undefined;
      answer.patience.end();
      const length = answer.response.headers.get('content-length');
      if (length === null || !/^[0-9]+$/.test(length))
        throw new SourceError(`${name}: the server does not tell its size`);
      return Number(length);
    },
    list: () => undefined,
  };
}

interface Answer {
  readonly response: Response;
  readonly patience: Patience;
}

/** The answer of the server; undefined where it has no such file, as a CDN may say in three ways. */
async function ask(
  top: string,
  name: string,
  method: 'GET' | 'HEAD',
  attempt = 1,
): Promise<Answer | undefined> {
  const patience = new Patience();
  try {
    const response = await fetch(top + name, {
      method,
      redirect: 'error',
      headers: { 'accept-encoding': 'identity' },
      signal: patience.signal,
    });
    if (response.ok) return { response, patience };
    patience.end();
    if ([403, 404, 410].includes(response.status)) return undefined;
    throw new SourceError(`${name}: the server answers ${response.status}`);
  } catch (cause) {
    patience.end();
    if (attempt < ATTEMPTS) return ask(top, name, method, attempt + 1);
    throw cause instanceof SourceError ? cause : new SourceError(`${name}: no answer`, { cause });
  }
}

async function* bodyOf({ response, patience }: Answer, name: string): AsyncGenerator<Uint8Array> {
  try {
    for await (const part of response.body ?? []) {
      patience.renew();
      yield part;
    }
  } catch (cause) {
    throw new SourceError(`${name}: the answer breaks off`, { cause });
  } finally {
    patience.end();
  }
}

/** Aborts what has given no sign of life for too long. */
class Patience {
  readonly #controller = new AbortController();
  #timer = this.#start();

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  renew(): void {
    clearTimeout(this.#timer);
    this.#timer = this.#start();
  }

  /** Lets go of the connection, too. */
  end(): void {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }

  #start(): NodeJS.Timeout {
    return setTimeout(() => this.#controller.abort(), PATIENCE);
  }
}
