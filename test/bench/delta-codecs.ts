/**
 * What each delta codec makes of the files that differ between two trees: `node test/bench/delta-codecs.ts TREE_A TREE_B`.
 * One line for each file from 1 MiB on, then the sums over all changed files of the same path.
 */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { compress } from '@swupd/shared';
import { bytesSource, CODECS, closeDeltaWorkers, type DeltaCodec } from '@swupd/shared/delta';

const LEVEL = 19;
const LARGE = 1024 * 1024;

interface Figures {
  readonly stored: number;
  /** Seconds of processor time. */
  readonly encode: number;
  readonly decode: number;
}

interface Row {
  readonly path: string;
  readonly size: number;
  readonly fullfile: Figures;
  readonly codecs: readonly (Figures | undefined)[];
}

const [before = '', after = ''] = process.argv.slice(2);
const rows: Row[] = [];
print(['file', 'bytes', 'fullfile', 's', ...CODECS.flatMap(({ name }) => [name, 's', 'decode s'])]);
for (const path of readdirSync(after, { recursive: true, encoding: 'utf8' }).sort()) {
  const pair = readPair(join(before, path), join(after, path));
  if (pair === undefined) continue;
  const row = await measure(path, pair.source, pair.target);
  rows.push(row);
  if (row.size >= LARGE) printRow(row);
}
await closeDeltaWorkers();
const small = rows.filter(({ size }) => size < LARGE);
printRow(
  sum(
    `${rows.length - small.length} files from 1 MiB`,
    rows.filter(({ size }) => size >= LARGE),
  ),
);
printRow(sum(`${small.length} files below 1 MiB`, small));
printRow(sum('all', rows));
const smallest = rows.reduce((total, row) => total + bestOf(row), 0);
print(['the smallest of each file', String(smallest)]);

function readPair(from: string, to: string): { source: Buffer; target: Buffer } | undefined {
  if (!isFile(from) || !isFile(to)) return undefined;
  const pair = { source: readFileSync(from), target: readFileSync(to) };
  return pair.source.equals(pair.target) ? undefined : pair;
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

async function measure(path: string, source: Buffer, target: Buffer): Promise<Row> {
  const stop = timer();
  const stored = compress(target, LEVEL).bytes.length;
  const fullfile = { stored, encode: stop(), decode: 0 };
  const codecs: (Figures | undefined)[] = [];
  for (const codec of CODECS) codecs.push(await tryCodec(codec, source, target));
  return { path, size: target.length, fullfile, codecs };
}

async function tryCodec(codec: DeltaCodec, source: Buffer, target: Buffer): Promise<Figures | undefined> {
  const encoded = timer();
  const payload = await codec.encode(source, target);
  if (payload === undefined) return undefined;
  const stored = codec.compressed ? payload.length : compress(payload, LEVEL).bytes.length;
  const encode = encoded();
  const decoded = timer();
  let size = 0;
  for await (const chunk of codec.decode(bytesSource(source), payload, target.length)) size += chunk.length;
  if (size !== target.length) throw new Error(`${codec.name} gave ${size} bytes for ${target.length}`);
  return { stored, encode, decode: decoded() };
}

function bestOf(row: Row): number {
  return Math.min(
    row.fullfile.stored,
    ...row.codecs.map((figures) => figures?.stored ?? Number.POSITIVE_INFINITY),
  );
}

/** Where a codec makes nothing of a file, or nothing smaller, the fullfile counts. */
function sum(path: string, all: readonly Row[]): Row {
  const zero = { stored: 0, encode: 0, decode: 0 };
  const codecs = CODECS.map((_, index) =>
    all.reduce((total, { codecs: list, fullfile }) => {
      const { stored, encode, decode } = list[index] ?? { ...fullfile, encode: 0 };
      return add(total, { stored: Math.min(stored, fullfile.stored), encode, decode });
    }, zero),
  );
  return {
    path,
    size: all.reduce((total, { size }) => total + size, 0),
    fullfile: all.reduce((total, { fullfile }) => add(total, fullfile), zero),
    codecs,
  };
}

function add(a: Figures, b: Figures): Figures {
  return { stored: a.stored + b.stored, encode: a.encode + b.encode, decode: a.decode + b.decode };
}

function printRow({ path, size, fullfile, codecs }: Row): void {
  const columns = codecs.flatMap((figures) =>
    figures === undefined
      ? ['–', '–', '–']
      : [String(figures.stored), figures.encode.toFixed(2), figures.decode.toFixed(2)],
  );
  print([path, String(size), String(fullfile.stored), fullfile.encode.toFixed(2), ...columns]);
}

function print(columns: readonly string[]): void {
  process.stdout.write(`| ${columns.join(' | ')} |\n`);
}

function timer(): () => number {
  const start = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(start);
    return (user + system) / 1e6;
  };
}
