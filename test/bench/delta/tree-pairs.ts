import { closeSync, openSync, readdirSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEntry, Manifest } from '@swupd/manifests';
import { bytesOf, type Digest, displayText } from '@swupd/shared';
import { type ContentSketch, sketchContent } from '../../../server/src/plan/content-sketch.ts';
import { distinctBlobs, filesOf } from '../../../server/src/plan/distinct-blobs.ts';
import { findRelatives, isComparable, SKETCH_HASHES } from '../../../server/src/plan/find-relatives.ts';
import { nearbyFiles } from '../../../server/src/plan/nearby-files.ts';
import { type FilePair, pairFiles } from '../../../server/src/plan/pair-files.ts';
import { absolute } from '../../../server/src/scan/walk-bundle.ts';
import { scanBundle } from '../scan-bundle.ts';
import type { BenchPair, PairSet } from './bench-pair.ts';
import { classOf, kindOf } from './file-class.ts';

/** The changed files of an update, and what paths did not tell. */
export interface TreePairs extends PairSet {
  /** New files that were paired with an old one by what is in them: part of `pairs`. */
  readonly similar: number;
  /** New files that are like no old one. */
  readonly unpaired: { readonly files: number; readonly bytes: number };
}

const HEAD = 4;

/** Pairs the files of build `to` with those of build `from` bundle by bundle, as the server does. */
export function treePairs(trees: string, from: number, to: number): TreePairs {
  const pairs = new Map<string, BenchPair>();
  const unpaired = new Map<Digest, number>();
  let similar = 0;
  for (const bundle of bundlesOf(join(trees, String(to)))) {
    const folders = [from, to].map((build) => join(trees, String(build), bundle)) as [string, string];
    const [old, next] = folders.map((folder) => scanBundle(folder, bundle)) as [Manifest, Manifest];
    const { pairs: byPath, added, removed } = pairFiles(old, next);
    const near = added.length === 0 ? [] : nearbyFiles(added, distinctBlobs(filesOf(old)));
    const olds = [...new Map([...removed, ...near].map((file) => [file.digest, file])).values()];
    const relatives = findRelatives(added, olds, sketchFiles(folders, { added, olds }));
    const byContent = added.flatMap((file) => {
      const relative = relatives.get(file.digest)?.[0];
      return relative === undefined ? [] : [{ from: relative, to: file }];
    });
    const paired = new Set(byContent.map((pair) => pair.to.digest));
    for (const file of added) if (!paired.has(file.digest)) unpaired.set(file.digest, file.size);
    similar += byContent.length;
    for (const pair of [...byPath, ...byContent]) {
      if (pair.from.size > 0 && pair.to.size > 0)
        pairs.set(`${pair.from.digest}-${pair.to.digest}`, benchPair(folders, pair));
    }
  }
  const bytes = [...unpaired.values()].reduce((sum, size) => sum + size, 0);
  return {
    name: `${from} → ${to}`,
    pairs: [...pairs.values()],
    similar,
    unpaired: { files: unpaired.size, bytes },
  };
}

function bundlesOf(tree: string): string[] {
  return readdirSync(tree, { withFileTypes: true })
    .filter((item) => item.isDirectory())
    .map(({ name }) => name)
    .sort();
}

function sketchFiles(
  [from, to]: readonly [string, string],
  { added, olds }: { added: readonly FileEntry[]; olds: readonly FileEntry[] },
): Map<Digest, ContentSketch> {
  const sketch = (folder: string, file: FileEntry): [Digest, ContentSketch] => [
    file.digest,
    sketchContent(readFileSync(absolute(folder, file.path)), SKETCH_HASHES),
  ];
  return new Map([
    ...olds.filter(isComparable).map((file) => sketch(from, file)),
    ...added.filter(isComparable).map((file) => sketch(to, file)),
  ]);
}

function benchPair([from, to]: readonly [string, string], pair: FilePair): BenchPair {
  const place = (folder: string, { path, size, digest }: FileEntry) => ({
    path: bytesOf(`${folder}/${path}`).toString('utf8'),
    size,
    digest,
  });
  const target = place(to, pair.to);
  const own = classOf(readHead(target.path));
  const name = displayText(pair.to.path);
  return { name, from: place(from, pair.from), to: target, class: own, kind: kindOf(name, own) };
}

function readHead(path: string): Buffer {
  const head = Buffer.alloc(HEAD);
  const fd = openSync(path, 'r');
  const count = readSync(fd, head, 0, HEAD, 0);
  closeSync(fd);
  return head.subarray(0, count);
}
