import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startServer } from '../../support/repository-service.ts';
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts';
import { TestRepository } from '../../support/test-repository.ts';
import { IMAGES } from './images.ts';
import { SOURCES, type Source } from './scenarios.ts';

/** What of the repository a source does without. */
const MISSING: Readonly<Record<Source, readonly string[]>> = {
  packs: [],
  deltas: ['packs'],
  fullfiles: ['packs', 'deltas'],
};

/** Builds 10 and 20 in three repositories, one for each source, below a folder that goes with it. */
export class Workshop implements Disposable {
  readonly repository: TestRepository;
  readonly #folder: TempFolder;

  private constructor(parent?: string) {
    this.#folder = tempFolder(parent);
    // Programs of their own have no other clock than the real one.
    this.repository = new TestRepository(this.#folder.path, Math.floor(Date.now() / 1000));
  }

  static async open(parent?: string): Promise<Workshop> {
    const workshop = new Workshop(parent);
    for (const [version, image] of IMAGES) await workshop.repository.build(version, image);
    for (const source of SOURCES) {
      const copy = workshop.repositoryFor(source);
      cpSync(workshop.repository.path, copy, { recursive: true });
      for (const name of MISSING[source]) rmSync(join(copy, name), { recursive: true });
    }
    return workshop;
  }

  repositoryFor(source: Source): string {
    return this.folder(`repository-${source}`);
  }

  get anchor(): string {
    return this.repository.anchorFile;
  }

  /** The path of a name in the workshop's folder. */
  folder(name: string): string {
    return join(this.#folder.path, name);
  }

  makeFolder(name: string): string {
    const path = this.folder(name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  [Symbol.dispose](): void {
    this.#folder[Symbol.dispose]();
  }
}

/** Each of the three behind the project's own server. */
export interface Servers extends AsyncDisposable {
  readonly urls: Readonly<Record<Source, string>>;
}

export async function startServers(workshop: Workshop): Promise<Servers> {
  const [packs, deltas, fullfiles] = await Promise.all([
    startServer(workshop.repositoryFor('packs')),
    startServer(workshop.repositoryFor('deltas')),
    startServer(workshop.repositoryFor('fullfiles')),
  ]);
  return {
    urls: { packs: packs.url, deltas: deltas.url, fullfiles: fullfiles.url },
    async [Symbol.asyncDispose]() {
      await Promise.all([packs, deltas, fullfiles].map((service) => service[Symbol.asyncDispose]()));
    },
  };
}
