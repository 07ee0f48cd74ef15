import { existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expectedTree } from '../support/image.ts';
import { compareTrees, snapshotTree } from '../support/snapshot-tree.ts';
import { type BenchServer, startBenchServer } from './bench-server.ts';
import { type Measured, measure } from './measure.ts';

/** Where the benchmarks keep their repository and devices, and the commands on them. */
export class Workshop {
  readonly folder: string;
  readonly #trees: string;
  readonly #say: (text: string) => void;

  constructor(folder: string, trees: string, say: (text: string) => void) {
    this.folder = folder;
    this.#trees = trees;
    this.#say = say;
    mkdirSync(folder, { recursive: true });
  }

  get repository(): string {
    return join(this.folder, 'repository');
  }

  /** Builds version `version` out of tree `tree` into the repository; with `fresh`, into a new one. */
  async build(version: number, { tree = version, fresh = false } = {}): Promise<Measured> {
    if (fresh) {
      for (const suffix of ['', '.keys', '.work', '.lock'])
        rmSync(`${this.repository}${suffix}`, { recursive: true, force: true });
      await this.#run('swupd-server', ['init', this.repository]);
    }
    const image = join(this.#trees, String(tree));
    return this.#run('swupd-server', [
      'build',
      this.repository,
      '--image',
      image,
      '--version',
      String(version),
    ]);
  }

  /** Builds what is missing of 10 and 20. */
  async requireBuilds(): Promise<void> {
    if (!this.versions().includes(10)) await this.build(10, { fresh: true });
    if (!this.versions().includes(20)) await this.build(20);
  }

  /** The published versions, rising. */
  versions(): number[] {
    const releases = join(this.repository, 'releases');
    return existsSync(releases)
      ? readdirSync(releases)
          .map(Number)
          .sort((a, b) => a - b)
      : [];
  }

  /** Names of the bundles of the trees, sorted. */
  bundles(): string[] {
    return readdirSync(join(this.#trees, '20'), { withFileTypes: true })
      .filter((item) => item.isDirectory())
      .map(({ name }) => name)
      .sort();
  }

  serve(): Promise<BenchServer> {
    return startBenchServer(this.repository);
  }

  /** An empty root. */
  freshRoot(name: string): string {
    const root = join(this.folder, name);
    rmSync(root, { recursive: true, force: true });
    mkdirSync(root);
    return root;
  }

  swupd(root: string, { url }: BenchServer, args: readonly string[]): Promise<Measured> {
    const anchor = join(this.repository, 'metadata/1.root.json');
    return this.#run('swupd', [...args, '-p', root, '-u', url, '-C', anchor, '--no-progress']);
  }

  /** Differences between a root and what `bundles` of tree `tree` make. */
  differences(root: string, tree: number, bundles: readonly string[]): string[] {
    const expected = expectedTree(join(this.#trees, String(tree)), bundles);
    const found = snapshotTree(root, { except: ['var/lib/swupd'] });
    return compareTrees(expected, found).filter((line) => !/^var(?:\/lib)?: should not be there$/.test(line));
  }

  async #run(program: 'swupd' | 'swupd-server', args: readonly string[]): Promise<Measured> {
    this.#say(`$ ${program} ${args.join(' ')}\n`);
    const measured = await measure(program, args);
    // check-update answers 1 for: nothing new.
    if (measured.exit !== 0 && !(args[0] === 'check-update' && measured.exit === 1)) {
      throw new Error(
        `${program} ${args[0]} ended with ${measured.exit}\n${measured.stdout}${measured.stderr}`,
      );
    }
    return measured;
  }
}
