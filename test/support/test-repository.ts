import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT, type Mom, parseMom } from '@swupd/manifests';
import { type BuildResult, generateRelease, initRepository, type OfferRequest } from '@swupd/server';
import { fromHex, SILENT } from '@swupd/shared';
import { expectedTree, type ImageLiteral, writeImage } from './image.ts';
import type { TreeSnapshot } from './snapshot-tree.ts';

/** When repositories are founded and built unless a test says otherwise, seconds since 1970. */
export const BUILD_TIME = 1_800_000_000;

export interface TestBuildOptions {
  readonly deltas?: number;
  readonly jobs?: number;
  readonly memory?: number;
  readonly expiresDays?: number;
  readonly time?: number;
  /** On `stable` without conditions by default; `null` to offer it later. */
  readonly offer?: OfferRequest | null;
  /** Folder of the keys, where some are elsewhere. */
  readonly keys?: string;
}

/** The file of a key, without its ending. */
export type KeyName = `${'root' | 'release'}-${1 | 2 | 3}` | 'build' | 'snapshot' | 'timestamp';

/** Draws of randomness for the keys and the product of one repository. */
const DRAWS = 10;

/** Keys are cheap, differ from repository to repository, and are the same in each run. */
let seeds = 1;

/** A repository with keys, images and work folder below one folder, written by the real generator in this process. */
export class TestRepository {
  readonly path: string;
  readonly keys: string;
  /** When it was founded; devices get a clock that agrees. */
  readonly time: number;
  readonly #folder: string;

  constructor(folder: string, time = BUILD_TIME, seed?: number) {
    this.#folder = folder;
    this.time = time;
    this.path = join(folder, 'repository');
    this.keys = join(folder, 'keys');
    let next = seed ?? seeds;
    if (seed === undefined) seeds += DRAWS;
    const randomBytes = (size: number): Uint8Array => {
      const bytes = Buffer.alloc(size);
      bytes.writeUInt32BE(next++, size - 4);
      return bytes;
    };
    initRepository({ repository: this.path, keys: this.keys, product: undefined, time, randomBytes });
  }

  get url(): string {
    return `file://${this.path}`;
  }

  get trustAnchor(): Uint8Array {
    return readFileSync(this.anchorFile);
  }

  get anchorFile(): string {
    return join(this.path, LAYOUT.root(1));
  }

  imageFolder(version: number): string {
    return join(this.#folder, `image-${version}`);
  }

  /** Writes the image and publishes it as `version`. */
  async build(version: number, image: ImageLiteral, options: TestBuildOptions = {}): Promise<BuildResult> {
    writeImage(this.imageFolder(version), image);
    return this.buildFolder(version, this.imageFolder(version), options);
  }

  async buildFolder(version: number, image: string, options: TestBuildOptions = {}): Promise<BuildResult> {
    return generateRelease({
      repository: this.path,
      image,
      version,
      keys: options.keys ?? this.keys,
      signers: [],
      env: {},
      offer: options.offer === null ? undefined : (options.offer ?? { channel: 'stable' }),
      work: join(this.#folder, 'work'),
      deltas: options.deltas ?? 4,
      jobs: options.jobs ?? 1,
      memory: options.memory ?? 3 * 2 ** 30,
      rehash: false,
      time: options.time ?? this.time,
      expiresDays: options.expiresDays ?? 30,
      now: () => Date.now(),
      pid: process.pid,
      progress: SILENT,
    });
  }

  /** What a device with these bundles of the build has to look like. */
  expected(version: number, bundles: readonly string[]): TreeSnapshot {
    return expectedTree(this.imageFolder(version), bundles);
  }

  mom(version: number): Mom {
    return parseMom(readFileSync(join(this.path, LAYOUT.mom(version))));
  }

  /** The secret seed of a key. */
  seed(name: KeyName): Uint8Array {
    const hex = readFileSync(join(this.keys, `${name}.key`), 'latin1').split('\n')[1] ?? '';
    const seed = fromHex(hex);
    if (seed === undefined) throw new TypeError(`the key ${name} is malformed`);
    return seed;
  }

  /** Names of the published files below `folder`, sorted. */
  objects(folder: 'blobs' | 'deltas' | 'packs' | 'documents'): string[] {
    return (readdirSync(this.path, { recursive: true, encoding: 'utf8' }) as string[])
      .filter((name) => name.startsWith(`${folder}/`) && name.split('/').length === 3)
      .sort();
  }
}
