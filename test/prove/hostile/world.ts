import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { noise, slightlyChanged } from '../../support/noise.ts';
import type { TreeSnapshot } from '../../support/snapshot-tree.ts';
import { TestRepository } from '../../support/test-repository.ts';
import { file, hardLink, symlink, type Tree } from '../../support/tree.ts';
import { publishPack } from './publish-pack.ts';

/** Published names with their bytes. */
export type Objects = ReadonlyMap<string, Buffer>;

/** A small system in two builds, as the server that an attacker owns has it. */
export interface World {
  readonly repository: TestRepository;
  /** As it was when only the first build was published, and with both. */
  readonly old: Objects;
  readonly now: Objects;
  /** What a device with these bundles of a build has to look like. */
  expected(version: number, bundles: readonly string[]): TreeSnapshot;
}

export const OLD = 10;
export const NEW = 20;
/** Makes the keys the same in each run. */
const KEY_SEED = 77;

/** Number of files of the bundle `data` in the newer build. */
export const DATA = 24;

/** The first half can't be compressed, the others can. */
export function dataOf(index: number): Buffer {
  return index < DATA / 2 ? noise(index + 9, 1500) : Buffer.from(noise(index + 9, 900).toString('hex'));
}

/** Where file number `index` of the bundle `data` is. */
export function dataPath(index: number): string {
  return `usr/data/${String(index).padStart(2, '0')}`;
}

/** Builds the world below `folder`. Its small files make packs, deltas, ranges of packs and fullfiles each worth their while. */
export async function buildWorld(folder: string): Promise<World> {
  const repository = new TestRepository(folder, undefined, KEY_SEED);
  const program = noise(1, 24_000);
  // Enough that a device which lacks some of it asks for a range of the pack.
  const contents = Array.from({ length: DATA }, (_, i) => dataOf(i));
  const data: Tree = Object.fromEntries(contents.map((bytes, i) => [dataPath(i), file(bytes)]));
  const version = (text: string): Tree => ({ 'usr/data/version': file(text) });
  const common: Tree = { 'usr/link': symlink('bin/program'), 'usr/empty': file('') };
  const before: Tree = {
    ...common,
    'usr/bin/program': file(program, { mode: 0o755 }),
    'usr/bin/again': hardLink('usr/bin/program'),
    'usr/lib/changes': file(noise(2, 9000)),
    'usr/lib/deep/goes': file('goes'),
    'usr/turns/inside': file('a directory that becomes a file'),
  };
  const after: Tree = {
    ...common,
    'usr/bin/program': file(slightlyChanged(program), { mode: 0o755 }),
    'usr/bin/again': hardLink('usr/bin/program'),
    'usr/lib/changes': file(noise(3, 9000)),
    'usr/lib/comes': file(`text\n`.repeat(500)),
    'usr/turns': file('now a file'),
  };
  const more = (text: string): Tree => ({
    'usr/more/m': file(text.repeat(300)),
    'usr/more/n': file(noise(5, 3000)),
  });
  await repository.build(OLD, { bundles: { 'os-core': before, data: version('10'), more: more('ten') } });
  const old = readObjects(repository.path);
  await repository.build(NEW, {
    bundles: { 'os-core': after, data: { ...data, ...version('20') }, more: more('twenty') },
  });
  publishPack(repository, { from: OLD, to: NEW }, { bundle: 'data', contents });
  const known = new Map<string, TreeSnapshot>();
  return {
    repository,
    old,
    now: readObjects(repository.path),
    expected(version, bundles) {
      const key = `${version} ${bundles.join(' ')}`;
      const tree = known.get(key) ?? repository.expected(version, bundles);
      known.set(key, tree);
      return tree;
    },
  };
}

function readObjects(folder: string): Objects {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }) as string[];
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return new Map(files.map((name) => [name, readFileSync(join(folder, name))]));
}
