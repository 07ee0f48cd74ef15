import type { Digest } from '@swupd/shared';
import { expect, test } from 'vitest';
import type { FileClass } from './bench-pair.ts';
import { pairFigures } from './pair-figures.ts';
import { ORIGINAL_DELTAS } from './peer-figures.ts';
import { classChecks, fileChecks } from './size-checks.ts';
import { sumOf, sumsBy } from './sums.ts';

const FULLFILE = 500;

function figures(name: string, own: FileClass, { ours = 0, xdelta3 = 0, bsdiff = 0, zstd = 0, size = 1000 }) {
  const file = { path: `/tree/${name}`, size, digest: name as Digest };
  const pair = { name, from: file, to: file, class: own, kind: own };
  const delta = ours === 0 ? undefined : { codec: 'align', bytes: ours, attempts: { align: ours } };
  return pairFigures(pair, { fullfile: FULLFILE, peers: { xdelta3, bsdiff, zstd }, delta });
}

const GIT = figures('git', 'ELF', { ours: 40, xdelta3: 200, bsdiff: 100, zstd: 150 });
const LARGE = figures('large', 'ELF', { xdelta3: 900, bsdiff: 501, zstd: 600 });
const PAGE = figures('page.gz', 'gzip', { ours: 30, xdelta3: 300, bsdiff: 120, zstd: 100 });

test('where a delta does not gain, the fullfile counts, for everyone alike', () => {
  expect(LARGE.bytes).toEqual({ ours: FULLFILE, xdelta3: FULLFILE, bsdiff: FULLFILE, zstd: FULLFILE });
  expect(LARGE.codec).toBe('fullfile');
  const grown = figures('grown', 'other', { ours: 501, xdelta3: 1, bsdiff: 1, zstd: 1 });
  expect(grown.bytes.ours).toBe(FULLFILE);
  expect(grown.codec).toBe('fullfile');
  expect(GIT.codec).toBe('align');
});

test('sums take each maker by itself and the best peer of each file', () => {
  const sum = sumOf([GIT, PAGE]);
  expect(sum).toEqual({
    files: 2,
    size: 2000,
    fullfile: 1000,
    bytes: { ours: 70, xdelta3: 500, bsdiff: 220, zstd: 250 },
    bestPeer: 200,
  });
  expect(
    sumsBy([GIT, PAGE, LARGE], ({ pair }) => pair.class).map(([key, { files }]) => [key, files]),
  ).toEqual([
    ['ELF', 2],
    ['gzip', 1],
  ]);
});

test('a set is compared class by class, as far as it has files of the class', () => {
  const checks = classChecks('10 → 20', [GIT, LARGE, PAGE]);
  expect(checks.map(({ figure, measured }) => [figure, measured])).toEqual([
    ['10 → 20: ELF against bsdiff', 540 / 600],
    ['10 → 20: ELF against xdelta3', 540 / 700],
    ['10 → 20: gzip against the best peer of each', 0.3],
  ]);
});

test('the seven files count only together', () => {
  const seven = ORIGINAL_DELTAS.map(({ path, bytes }) =>
    figures(path, 'ELF', { ours: FULLFILE - 1, xdelta3: 1, bsdiff: 1, zstd: 1, size: bytes }),
  );
  const names = (found: ReturnType<typeof fileChecks>): string[] => found.map(({ figure }) => figure);
  expect(names(fileChecks(seven))).toContain("7 files against the original's bsdiff");
  expect(names(fileChecks(seven.slice(1)))).not.toContain("7 files against the original's bsdiff");
  const node = fileChecks(seven).find(({ figure }) => figure === 'share of usr/bin/node');
  expect(node?.measured).toBeCloseTo((100 * (FULLFILE - 1)) / 2_392_767);
});
