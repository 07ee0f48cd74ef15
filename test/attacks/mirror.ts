import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

/** What a mirror says of one name, instead of the truth: bytes, that there is nothing, or whatever it likes. */
export type Lie = Uint8Array | 'absent' | ((response: ServerResponse) => void);

/** A web server with a copy of a repository that somebody else controls. */
export class Mirror implements AsyncDisposable {
  /** By name below the repository's top. */
  readonly lies = new Map<string, Lie>();
  /** Names that were asked for, in order. */
  readonly asked: string[] = [];
  readonly #folder: string;
  readonly #server = createServer((request, response) => {
    const name = (request.url ?? '').slice(1);
    this.asked.push(name);
    // What has no body can't be without end.
    if (request.method === 'HEAD' && typeof this.lies.get(name) === 'function') response.writeHead(200).end();
    else this.#answer(name, response);
  });

  private constructor(folder: string) {
    this.#folder = folder;
  }

  static async start(folder: string): Promise<Mirror> {
    const mirror = new Mirror(folder);
    mirror.#server.listen(0, '127.0.0.1');
    await once(mirror.#server, 'listening');
    return mirror;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Serves what the folder holds now below `part`, and nothing that comes later. */
  freeze(part: string): void {
    const names = readdirSync(join(this.#folder, part), { recursive: true, encoding: 'utf8' }) as string[];
    for (const name of names) {
      const path = join(this.#folder, part, name);
      if (statSync(path).isFile()) this.lies.set(`${part}/${name}`, readFileSync(path));
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections();
    this.#server.close();
    await once(this.#server, 'close');
  }

  #answer(name: string, response: ServerResponse): void {
    const lie = this.lies.get(name);
    if (typeof lie === 'function') {
      lie(response);
      return;
    }
    const path = join(this.#folder, name);
    const bytes = lie ?? (existsSync(path) ? readFileSync(path) : 'absent');
    if (bytes === 'absent') response.writeHead(404).end();
    else response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  }
}

/** A body that goes on for as long as somebody reads. */
export function endless(onSent: (bytes: number) => void): Lie {
  return (response) => {
    const chunk = Buffer.alloc(16 * 1024, ' ');
    const send = (): void => {
      while (!response.destroyed && response.write(chunk)) onSent(chunk.length);
      response.once('drain', send);
    };
    response.writeHead(200);
    send();
  };
}

/** A body that comes byte by byte. */
export function trickle(bytes: Uint8Array): Lie {
  return (response) => {
    response.writeHead(200, { 'content-length': bytes.length });
    let at = 0;
    const timer = setInterval(() => response.write(bytes.subarray(at, ++at)), 10);
    response.on('close', () => clearInterval(timer));
  };
}
