import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { hashContent } from '@swupd/shared/io';
import type { BenchFile, BenchPair, PairSet } from './bench-pair.ts';
import { classOf } from './file-class.ts';
import { FOREIGN_PAIRS, type ForeignPair, type ForeignRelease } from './foreign-pairs.ts';
import { HELD_OUT_PAIRS } from './held-out-pairs.ts';

/** Programs of the npm registry, fetched into `folder` where they are not there. */
export function foreignSets(folder: string): PairSet[] {
  const pairs = (list: readonly ForeignPair[]) => list.map((pair) => foreignPair(folder, pair));
  return [
    { name: 'foreign programs', pairs: pairs(FOREIGN_PAIRS) },
    { name: 'held-out programs', pairs: pairs(HELD_OUT_PAIRS) },
  ];
}

function foreignPair(folder: string, pair: ForeignPair): BenchPair {
  const from = programOf(folder, pair, pair.old);
  const to = programOf(folder, pair, pair.new);
  const architecture = pair.name.slice(pair.name.lastIndexOf('-') + 1);
  const own = classOf(readFileSync(to.path).subarray(0, 4));
  return { name: pair.name, from, to, class: own, kind: `${architecture} ${pair.language}` };
}

function programOf(
  folder: string,
  { name, package: own, file }: ForeignPair,
  release: ForeignRelease,
): BenchFile {
  const { version, digest } = release;
  const place = join(folder, name, version);
  if (!existsSync(place)) unpack(`${own}@${version}`, place);
  const found = readdirSync(place, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.startsWith(file),
  );
  if (found === undefined) throw new Error(`${own}@${version} has no ${file}`);
  const path = join(place, found);
  const bytes = readFileSync(path);
  const read = hashContent(bytes);
  if (read !== digest) throw new Error(`${path} has the digest ${read}, not ${digest}`);
  return { path, size: bytes.length, digest: read };
}

/** Appears at `place` as a whole or not at all. npm holds the package against what the registry signs. */
function unpack(release: string, place: string): void {
  const aside = `${place}.new`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { recursive: true });
  const answer = execFileSync('npm', ['pack', '--json', '--pack-destination', aside, release], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [{ filename = '' } = {}] = JSON.parse(answer) as { filename?: string }[];
  const tarball = join(aside, basename(filename));
  execFileSync('tar', ['xzf', tarball, '-C', aside, '--strip-components=1', '--no-same-owner']);
  rmSync(tarball);
  renameSync(aside, place);
}
