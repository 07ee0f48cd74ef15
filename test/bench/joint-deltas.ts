/**
 * What packs gain by joint deltas, and new files by their relatives: `node test/bench/joint-deltas.ts TREES OLD NEW [BUNDLE…]`.
 * TREES has one folder a build, and in it one folder a bundle.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileEntry, Manifest } from '@swupd/manifests';
import { compress, type Digest } from '@swupd/shared';
import { closeDeltaWorkers, encodeDelta, encodeJoint } from '@swupd/shared/delta';
import { type ContentSketch, sketchContent } from '../../server/src/plan/content-sketch.ts';
import { distinctBlobs, filesOf } from '../../server/src/plan/distinct-blobs.ts';
import { findRelatives, isComparable, SKETCH_HASHES } from '../../server/src/plan/find-relatives.ts';
import { nearbyFiles } from '../../server/src/plan/nearby-files.ts';
import { type FilePair, type PairedFiles, pairFiles } from '../../server/src/plan/pair-files.ts';
import { isJointWorth, planJoints } from '../../server/src/plan/plan-joints.ts';
import { absolute } from '../../server/src/scan/walk-bundle.ts';
import { scanBundle } from './scan-bundle.ts';

const LEVEL = 19;
const [trees, old, next, ...names] = process.argv.slice(2);
if (trees === undefined || old === undefined || next === undefined)
  throw new TypeError('usage: node test/bench/joint-deltas.ts TREES OLD NEW [BUNDLE…]');

for (const bundle of names.length > 0 ? names : readdirSync(join(trees, next)).sort()) {
  const folders = { from: join(trees, old, bundle), to: join(trees, next, bundle) };
  await measureBundle(bundle, folders);
}
await closeDeltaWorkers();

interface Side {
  readonly folder: string;
  readonly manifest: Manifest;
}

async function measureBundle(bundle: string, folders: { from: string; to: string }): Promise<void> {
  const from = { folder: folders.from, manifest: scanBundle(folders.from, bundle) };
  const to = { folder: folders.to, manifest: scanBundle(folders.to, bundle) };
  const paired = pairFiles(from.manifest, to.manifest);
  const started = performance.now();
  const relatives = relate(paired, { from, to });
  say(`${bundle}: relatives of ${paired.added.length} new files`, {
    ms: Math.round(performance.now() - started),
  });
  await measureNew(relatives, paired.added, { from, to });
  const pairs = [...paired.pairs, ...relatives];
  for (const { targets, sources } of planJoints({ from: from.manifest, to: to.manifest }, pairs)) {
    const alone = await sizeAlone(targets, pairs, { from, to });
    const before = performance.now();
    const joint = await encodeJoint(joined(from, sources), joined(to, targets));
    const stored = joint?.container.length ?? Number.POSITIVE_INFINITY;
    say(`${bundle}: ${targets.length} files out of ${sources.length}, ${targets[0]?.path} …`, {
      alone,
      joint: stored,
      share: (stored / alone).toFixed(2),
      codec: joint?.codec,
      ms: Math.round(performance.now() - before),
      used: isJointWorth(stored, alone),
    });
  }
}

/** Bytes of the files in a pack as deltas and fullfiles of their own: those of a kind in one frame. */
async function sizeAlone(
  targets: readonly FileEntry[],
  pairs: readonly FilePair[],
  { from, to }: { readonly from: Side; readonly to: Side },
): Promise<number> {
  const parts: Record<'plain' | 'compressed' | 'full', Uint8Array[]> = {
    plain: [],
    compressed: [],
    full: [],
  };
  for (const target of targets) {
    const bytes = read(to, target);
    const pair = pairs.find((one) => one.to.digest === target.digest);
    const delta = pair && (await encodeDelta(read(from, pair.from), bytes, LEVEL));
    if (delta === undefined || delta.stored.length >= compress(bytes, LEVEL).bytes.length)
      parts.full.push(bytes);
    else parts[delta.stored === delta.container ? 'compressed' : 'plain'].push(delta.container);
  }
  return Object.values(parts).reduce(
    (sum, list) => sum + compress(Buffer.concat(list), LEVEL).bytes.length,
    0,
  );
}

/** New files with a delta from a relative, against their fullfiles. */
async function measureNew(
  relatives: readonly FilePair[],
  added: readonly FileEntry[],
  { from, to }: { readonly from: Side; readonly to: Side },
): Promise<void> {
  const figures = { files: added.length, fullfiles: 0, withRelative: 0, withDelta: 0, bytes: 0 };
  for (const file of added) {
    const bytes = read(to, file);
    const full = compress(bytes, LEVEL).bytes.length;
    const pair = relatives.find((one) => one.to.digest === file.digest);
    const delta = pair && (await encodeDelta(read(from, pair.from), bytes, LEVEL));
    const stored = Math.min(full, delta?.stored.length ?? full);
    figures.fullfiles += full;
    figures.bytes += stored;
    if (pair !== undefined) figures.withRelative++;
    if (stored < full) figures.withDelta++;
  }
  if (added.length > 0) say('  new files', figures);
}

/** The relatives of added files, the closest first. */
function relate(
  { added, removed }: PairedFiles,
  { from, to }: { readonly from: Side; readonly to: Side },
): FilePair[] {
  const near = added.length === 0 ? [] : nearbyFiles(added, distinctBlobs(filesOf(from.manifest)));
  const olds = [...new Map([...removed, ...near].map((file) => [file.digest, file])).values()];
  const sketches = new Map<Digest, ContentSketch>();
  if (added.length > 0) {
    for (const file of olds.filter(isComparable))
      sketches.set(file.digest, sketchContent(read(from, file), SKETCH_HASHES));
    for (const file of added.filter(isComparable))
      sketches.set(file.digest, sketchContent(read(to, file), SKETCH_HASHES));
  }
  const found = findRelatives(added, olds, sketches);
  return added.flatMap((file) =>
    (found.get(file.digest) ?? []).map((source) => ({ from: source, to: file })),
  );
}

function joined(side: Side, files: readonly FileEntry[]): Buffer {
  return Buffer.concat(files.map((file) => read(side, file)));
}

function read({ folder }: Side, { path }: FileEntry): Buffer {
  return readFileSync(absolute(folder, path));
}

function say(what: string, figures: Readonly<Record<string, unknown>>): void {
  const list = Object.entries(figures).map(([name, value]) => `${name} ${value}`);
  process.stdout.write(`${what}\n    ${list.join(', ')}\n`);
}
