import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Fetcher, Updater } from 'tuf-js';
import { DownloadHTTPError, DownloadLengthMismatchError } from 'tuf-js/dist/error.js';
import type { SimNetwork } from '../client/sim-client.ts';
import type { Outcome, TufClient } from '../client/tuf-client.ts';

const METADATA = 'http://repository.invalid/metadata';
const TARGETS = 'http://repository.invalid/targets';

/** It keeps its metadata in files only: no disk needs to know. */
const MEMORY = existsSync('/dev/shm') ? '/dev/shm' : tmpdir();

/** The client of the project tuf-js, as it is, over a network in memory. */
export class TufJsClient implements TufClient {
  now: number;
  readonly #fetcher: Fetcher;
  readonly #folder = mkdtempSync(join(MEMORY, 'swupd-tuf-js-'));
  readonly #metadata = join(this.#folder, 'metadata');
  readonly #targets = join(this.#folder, 'targets');

  constructor({ network, now }: { readonly network: SimNetwork; readonly now: number }) {
    this.#fetcher = fetcherOf(network, join(this.#folder, 'download'));
    this.now = now;
    mkdirSync(this.#metadata);
    mkdirSync(this.#targets);
  }

  async init(root: Uint8Array): Promise<Outcome> {
    for (const file of readdirSync(this.#metadata)) rmSync(join(this.#metadata, file));
    this.plant('root', root);
    return { ok: true };
  }

  refresh(): Promise<Outcome> {
    return outcomeOf(async () => this.#updater().refresh());
  }

  /** Looks for a target, and does not download it. */
  find(path: string): Promise<Outcome> {
    return outcomeOf(async () => {
      if ((await this.#updater().getTargetInfo(path)) === undefined) throw new NoTarget(path);
    });
  }

  download(...paths: readonly string[]): Promise<Outcome> {
    return outcomeOf(async () => {
      const updater = this.#updater();
      for (const path of paths) {
        const target = await updater.getTargetInfo(path);
        if (target === undefined) throw new NoTarget(path);
        if ((await updater.findCachedTarget(target)) === undefined) await updater.downloadTarget(target);
      }
    });
  }

  trusted(): ReadonlyMap<string, Uint8Array> {
    return readFolder(this.#metadata, /\.json$/);
  }

  plant(role: string, bytes: Uint8Array | undefined): void {
    const file = join(this.#metadata, `${encodeURIComponent(role)}.json`);
    if (bytes === undefined) rmSync(file, { force: true });
    else writeFileSync(file, bytes);
  }

  artifacts(): ReadonlyMap<string, Uint8Array> {
    return readFolder(this.#targets, /$/);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    rmSync(this.#folder, { recursive: true });
  }

  /** It has no clock that can be set from outside: its reference time is replaced before it does anything. */
  #updater(): Updater {
    const updater = new Updater({
      metadataDir: this.#metadata,
      metadataBaseUrl: METADATA,
      targetDir: this.#targets,
      targetBaseUrl: TARGETS,
      fetcher: this.#fetcher,
    });
    Reflect.set(Reflect.get(updater, 'trustedSet'), 'referenceTime', new Date(this.now * 1000));
    return updater;
  }
}

class NoTarget extends Error {}

/** Everything that it throws is a refusal: it has no codes, and no common class of errors. */
async function outcomeOf(run: () => Promise<void>): Promise<Outcome> {
  try {
    await run();
    return { ok: true };
  } catch {
    return { ok: false, code: undefined };
  }
}

function fetcherOf(network: SimNetwork, scratch: string): Fetcher {
  const bytesOf = (url: string, limit: number): Buffer => {
    const isTarget = url.startsWith(TARGETS);
    const name = url.slice((isTarget ? TARGETS : METADATA).length + 1);
    const bytes = isTarget ? network.fetchArtifact(name) : network.fetchMetadata(name);
    if (bytes === undefined) throw new DownloadHTTPError('not found', 404);
    if (bytes.length > limit) throw new DownloadLengthMismatchError(`more than ${limit} bytes`);
    return Buffer.from(bytes);
  };
  return {
    downloadBytes: async (url, limit) => bytesOf(url, limit),
    async downloadFile(url, limit, handler) {
      writeFileSync(scratch, bytesOf(url, limit));
      try {
        return await handler(scratch);
      } finally {
        // Where it refuses a target without reading it, the file is still being opened: it must not be gone before.
        await readFile(scratch);
      }
    },
  };
}

function readFolder(folder: string, ending: RegExp): Map<string, Uint8Array> {
  const files = readdirSync(folder).sort();
  return new Map(
    files.map((file) => [decodeURIComponent(file.replace(ending, '')), readFileSync(join(folder, file))]),
  );
}
