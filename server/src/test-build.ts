import { createHash } from 'node:crypto';
import {
  chmodSync,
  cpSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type Manifest, type Mom, parseManifest, parseMom } from '@swupd/manifests';
import { decompressFrame, SILENT } from '@swupd/shared';
import { type BuildOptions, type BuildResult, generateRelease } from './generate-release.ts';
import { initRepository } from './publication/init-repository.ts';

/** A file's content, or something else at a path. `null` removes what is there. */
export type TreeItem =
  | string
  | Uint8Array
  | { readonly link: string }
  | { readonly same: string }
  | { readonly folder: true }
  | { readonly text: string; readonly mode: number }
  | null;

/** A folder of its own for one test. */
export interface Lab extends Disposable {
  readonly folder: string;
  readonly repository: string;
  readonly image: string;
  /** Adds to the image, or removes from it; folders come by themselves. */
  write(tree: Readonly<Record<string, TreeItem>>): void;
  build(version: number, options?: Partial<BuildOptions>): Promise<BuildResult>;
}

/** Seconds since 1970 at which the tests publish. */
export const TIME = 1_700_000_000;

/** An empty repository with fixed keys, and an image with an empty os-core. */
export function openLab(): Lab {
  const lab = labIn(newFolder());
  mkdirSync(join(lab.image, 'os-core'), { recursive: true });
  let next = 1;
  const randomBytes = (size: number): Uint8Array => Buffer.alloc(size, next++);
  initRepository({
    repository: lab.repository,
    keys: `${lab.repository}.keys`,
    product: 'lab',
    time: TIME,
    randomBytes,
  });
  return lab;
}

/** Another lab with the same image, repository, keys and cache. */
export function copyLab(lab: Lab): Lab {
  const folder = newFolder();
  cpSync(lab.folder, folder, { recursive: true });
  return labIn(folder);
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'swupd-build-'));
}

function labIn(folder: string): Lab {
  const repository = join(folder, 'repo');
  const image = join(folder, 'image');
  return {
    folder,
    repository,
    image,
    write: (tree) => writeTree(image, tree),
    build: (version, options) => generateRelease({ ...optionsFor(repository, image, version), ...options }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}

export function optionsFor(repository: string, image: string, version: number): BuildOptions {
  return {
    repository,
    image,
    version,
    keys: `${repository}.keys`,
    signers: [],
    env: {},
    offer: { channel: 'stable' },
    work: `${repository}.work`,
    deltas: 4,
    jobs: 2,
    memory: 3 * 2 ** 30,
    rehash: false,
    time: TIME + version,
    expiresDays: 7,
    now: () => Date.now(),
    pid: process.pid,
    progress: SILENT,
  };
}

export function writeTree(root: string, tree: Readonly<Record<string, TreeItem>>): void {
  for (const [path, item] of Object.entries(tree)) {
    const place = join(root, path);
    rmSync(place, { recursive: true, force: true });
    mkdirSync(dirname(place), { recursive: true });
    if (item === null) continue;
    if (typeof item === 'string' || item instanceof Uint8Array) writeFileSync(place, item);
    else if ('link' in item) symlinkSync(item.link, place);
    else if ('same' in item) linkSync(join(root, item.same), place);
    else if ('folder' in item) mkdirSync(place);
    else {
      writeFileSync(place, item.text);
      chmodSync(place, item.mode);
    }
  }
}

/** Every file below a folder with the digest of its bytes: equal for equal folders. */
export function listFiles(root: string): Record<string, string> {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((path) => lstatSync(join(root, path)).isFile())
    .sort();
  return Object.fromEntries(
    files.map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(root, path)))
        .digest('hex'),
    ]),
  );
}

export function readMom(repository: string, version: number): Mom {
  return parseMom(readFileSync(join(repository, `releases/${version}/mom`)));
}

/** The manifest of a bundle as a build published it. */
export function manifestOf(repository: string, version: number, bundle: string): Manifest {
  const ref = readMom(repository, version).bundles.find(({ name }) => name === bundle)?.manifest;
  if (ref === undefined) throw new TypeError(`build ${version} has no bundle ${bundle}`);
  const path = join(repository, 'documents', ref.digest.slice(0, 2), `${ref.digest}.zst`);
  return parseManifest(decompressFrame(readFileSync(path), ref.size));
}

/** Text of about `size` bytes that does not compress to nothing; equal for equal seeds. */
export function noise(size: number, seed: number): string {
  let state = seed >>> 0;
  const lines: string[] = [];
  for (let length = 0; length < size; length += 9) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    lines.push(state.toString(16).padStart(8, '0'));
  }
  return lines.join('\n');
}
