import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { fileNameOf, formatTime } from '@swupd/manifests/trust';
import type { SimServer } from '../simulator/serve-simulator.ts';
import type { Outcome, TufClient } from './tuf-client.ts';

const COMMAND = fileURLToPath(new URL('../../conformance/client', import.meta.url));

/** Where Debian's package `faketime` puts what moves the clock of one process. */
const FAKETIME = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketime.so.1`;

/** The conformance command, run as the public suite runs it: one process for each step, over HTTP, with a faked clock. */
export class CommandClient implements TufClient {
  now: number;
  readonly #server: SimServer;
  readonly #fakesClock: boolean;
  readonly #folder = mkdtempSync(join(tmpdir(), 'swupd-tuf-'));
  readonly #metadata = join(this.#folder, 'metadata');
  readonly #targets = join(this.#folder, 'targets');

  /** Without `now`, by the clock of this machine. */
  constructor({ server, now }: { readonly server: SimServer; readonly now?: number }) {
    if (now !== undefined && !existsSync(FAKETIME))
      throw new Error(`${FAKETIME} is not there: apt-get install faketime`);
    this.#server = server;
    this.#fakesClock = now !== undefined;
    this.now = now ?? 0;
    mkdirSync(this.#metadata);
  }

  init(root: Uint8Array): Promise<Outcome> {
    const file = join(this.#folder, 'root.json');
    writeFileSync(file, root);
    return this.#run(['init', file]);
  }

  refresh(): Promise<Outcome> {
    return this.#run(['--metadata-url', this.#server.metadataUrl, 'refresh']);
  }

  download(...paths: readonly string[]): Promise<Outcome> {
    const names = paths.flatMap((path) => ['--target-name', path]);
    const targets = ['--target-base-url', this.#server.targetsUrl, '--target-dir', this.#targets];
    return this.#run(['--metadata-url', this.#server.metadataUrl, ...names, ...targets, 'download']);
  }

  trusted(): ReadonlyMap<string, Uint8Array> {
    return readFolder(this.#metadata, (file) => decodeURIComponent(file.replace(/\.json$/, '')));
  }

  plant(role: string, bytes: Uint8Array | undefined): void {
    const file = join(this.#metadata, fileNameOf(role));
    if (bytes === undefined) rmSync(file, { force: true });
    else writeFileSync(file, bytes);
  }

  artifacts(): ReadonlyMap<string, Uint8Array> {
    return existsSync(this.#targets) ? readFolder(this.#targets, decodeURIComponent) : new Map();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const strange = readdirSync(this.#folder).filter((name) => !OWN_NAMES.has(name));
    rmSync(this.#folder, { recursive: true });
    if (strange.length > 0) throw new Error(`the client has written ${strange} outside of its store`);
    await this.#server[Symbol.asyncDispose]();
  }

  async #run(args: readonly string[]): Promise<Outcome> {
    const child = spawn(COMMAND, ['--metadata-dir', this.#metadata, ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
      env: { ...process.env, ...(this.#fakesClock ? fakedClock(this.now) : {}) },
    });
    const [errors, [status]] = await Promise.all([text(child.stderr), once(child, 'exit')]);
    return status === 0 ? { ok: true } : { ok: false, code: /^([a-z-]+): /m.exec(errors)?.[1] };
  }
}

const OWN_NAMES = new Set(['metadata', 'targets', 'root.json']);

/** For a process whose clock begins at `now`. Time-outs and file times are left alone. */
function fakedClock(now: number): Record<string, string> {
  const time = formatTime(now).replace('T', ' ').replace('Z', '');
  return {
    LD_PRELOAD: FAKETIME,
    FAKETIME: `@${time}`,
    TZ: 'UTC',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    NO_FAKE_STAT: '1',
  };
}

function readFolder(folder: string, keyOf: (file: string) => string): Map<string, Uint8Array> {
  return new Map(
    readdirSync(folder).map((file): [string, Uint8Array] => [keyOf(file), readFileSync(join(folder, file))]),
  );
}
