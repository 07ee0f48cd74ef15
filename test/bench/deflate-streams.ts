/**
 * What becomes of gzip streams: `node test/bench/deflate-streams.ts TREE_A [TREE_B]`. For each tree how many streams are taken
 * apart, how many of them need no correction, and how quickly they are put together; for two trees the deltas of the gzip files
 * that differ, against xdelta3, bsdiff and zstd of the system.
 */
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bytesSource, CODECS, closeDeltaWorkers } from '@swupd/shared/delta';
import { chooseProfile, PROFILES, putTogether, readDeflate } from '../../shared/src/deflate/index.ts';
import { DELTA_HEADER_SIZE } from '../../shared/src/delta/container.ts';
import { inflatedOver } from '../../shared/src/delta/inflated/inflated.ts';

const MIB = 1024 * 1024;
const GZIP_MAGIC = Buffer.from('1f8b08', 'hex');
const GZIP_HEADER = 10;
const codec = inflatedOver(CODECS.filter(({ name }) => name !== 'inflated'));

const [before = '', after] = process.argv.slice(2);
print([
  'tree',
  'streams',
  'plain bytes',
  'taken apart',
  'no correction',
  'correction bytes',
  'MB/s put together',
]);
for (const tree of [before, after]) if (tree !== undefined) measureTree(tree);
if (after !== undefined) await comparePairs(before, after);
await closeDeltaWorkers();

function measureTree(tree: string): void {
  const sum = { streams: 0, plain: 0, apart: 0, exact: 0, correction: 0, seconds: 0 };
  for (const path of gzipFiles(tree)) {
    const bytes = readFileSync(join(tree, path));
    sum.streams += 1;
    const stream = readDeflate(bytes, headerSize(bytes), 64 * MIB);
    if (stream === undefined) continue;
    const choice = chooseProfile(stream);
    const profile = PROFILES.get(choice?.profile ?? -1);
    if (choice === undefined || profile === undefined) continue;
    const { correction } = choice;
    const stop = timer();
    const again = Buffer.concat([...putTogether({ ...stream, profile, correction })]);
    sum.seconds += stop();
    const start = headerSize(bytes);
    if (!again.equals(bytes.subarray(start, start + stream.length))) continue;
    sum.apart += 1;
    sum.plain += stream.size;
    sum.exact += correction.length === 0 ? 1 : 0;
    sum.correction += correction.length;
  }
  const rate = (sum.plain / 1e6 / sum.seconds).toFixed(1);
  print([tree, ...[sum.streams, sum.plain, sum.apart, sum.exact, sum.correction].map(String), rate]);
}

async function comparePairs(from: string, to: string): Promise<void> {
  const names = ['new bytes', 'xdelta3', 'bsdiff', 'zstd', 'best peer', codec.name] as const;
  const sums = names.map(() => 0);
  const seconds = { encode: 0, decode: 0 };
  let files = 0;
  let smallest = 0;
  for (const path of gzipFiles(to)) {
    const pair = { source: join(from, path), target: join(to, path) };
    if (!isFile(pair.source)) continue;
    const target = readFileSync(pair.target);
    if (readFileSync(pair.source).equals(target)) continue;
    const peers = peerSizes(pair.source, pair.target).map((size) => Math.min(size, target.length));
    const own = await ownSize(readFileSync(pair.source), target, seconds);
    const best = Math.min(...peers);
    for (const [index, value] of [target.length, ...peers, best, own].entries())
      sums[index] = (sums[index] ?? 0) + value;
    files += 1;
    if (own <= best) smallest += 1;
  }
  const [best = 0, own = 0] = sums.slice(-2);
  print(['changed files', ...names, 'share of the best peer', 'smallest', 'encode s', 'decode s']);
  const figures = [
    (own / best).toFixed(3),
    String(smallest),
    seconds.encode.toFixed(1),
    seconds.decode.toFixed(1),
  ];
  print([String(files), ...sums.map(String), ...figures]);
}

async function ownSize(
  source: Buffer,
  target: Buffer,
  seconds: { encode: number; decode: number },
): Promise<number> {
  const encoded = timer();
  const payload = await codec.encode(source, target);
  seconds.encode += encoded();
  if (payload === undefined) return target.length;
  const decoded = timer();
  const chunks: Uint8Array[] = [];
  for await (const chunk of codec.decode(bytesSource(source), payload, target.length))
    chunks.push(new Uint8Array(chunk));
  seconds.decode += decoded();
  if (!Buffer.concat(chunks).equals(target)) throw new Error(`${codec.name} gave other bytes`);
  return Math.min(DELTA_HEADER_SIZE + payload.length, target.length);
}

function peerSizes(source: string, target: string): number[] {
  const folder = mkdtempSync(join(tmpdir(), 'deflate-streams-'));
  const delta = (name: string): string => join(folder, name);
  try {
    execFileSync('xdelta3', ['-e', '-9', '-D', '-S', 'lzma', '-f', '-s', source, target, delta('xdelta3')]);
    execFileSync('bsdiff', [source, target, delta('bsdiff')]);
    const options = ['-q', '-19', '--long=31', '-f', `--patch-from=${source}`];
    execFileSync('zstd', [...options, target, '-o', delta('zstd')], {
      stdio: ['ignore', 'ignore', 'ignore'],
    });
    return ['xdelta3', 'bsdiff', 'zstd'].map((name) => statSync(delta(name)).size);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function gzipFiles(tree: string): string[] {
  return readdirSync(tree, { recursive: true, encoding: 'utf8' })
    .sort()
    .filter((path) => path.endsWith('.gz') && isFile(join(tree, path)))
    .filter((path) => readFileSync(join(tree, path)).subarray(0, GZIP_MAGIC.length).equals(GZIP_MAGIC));
}

/** With a name where there is one; other optional fields are not used by the files of a distribution. */
function headerSize(bytes: Buffer): number {
  return (bytes[3] ?? 0) & 8 ? bytes.indexOf(0, GZIP_HEADER) + 1 : GZIP_HEADER;
}

function isFile(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
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
