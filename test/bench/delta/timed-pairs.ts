import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { CODECS } from '@swupd/shared/delta';
import { type Measured, measureCommand } from '../measure.ts';
import type { BenchPair } from './bench-pair.ts';
import type { EncodedFile } from './encode-process.ts';
import { type Command, PEERS, type Peer } from './peers.ts';

/** One way to make the delta of one pair, each step in a process of its own, one after the other. */
export interface TimedDelta {
  readonly pair: BenchPair;
  /** Name of a peer or of a codec, or `ours` for the smallest of all codecs. */
  readonly method: string;
  readonly bytes: number;
  readonly encode: Cost;
  readonly decode: Cost;
  /** Bytes a second of processor time of a decoder that runs already; for ours only. */
  readonly rate?: number;
}

export interface Cost {
  readonly seconds: number;
  /** Seconds of processor time of all threads: what is compared, since a busy machine does not change it much. */
  readonly processor: number;
  /** Bytes at the highest, of all processes together. */
  readonly memory: number;
}

export interface TimedRun {
  readonly work: string;
  /** Folder of the scripts for one step each; `buildCopy`. */
  readonly scripts: string;
  readonly report: (timed: TimedDelta) => void;
}

/** What each peer, each codec and all codecs together take for a pair. */
export async function timePair(pair: BenchPair, run: TimedRun): Promise<TimedDelta[]> {
  const timed: TimedDelta[] = [];
  const add = (found: TimedDelta | undefined): void => {
    if (found === undefined) return;
    timed.push(found);
    run.report(found);
  };
  for (const peer of PEERS) add(await timePeer(pair, peer, run.work));
  for (const method of [...CODECS.map(({ name }) => name), 'ours']) add(await timeOurs(pair, method, run));
  return timed;
}

/** Memory of a process of Node that does nothing. */
export async function bareMemory(): Promise<number> {
  return (await measureNode(['--eval', 'setTimeout(() => {}, 100)'])).peakMemory;
}

async function timePeer(pair: BenchPair, peer: Peer, work: string): Promise<TimedDelta> {
  const delta = join(work, 'timed.delta');
  const made = join(work, 'timed.new');
  const encoded = await runCommand(peer.encode({ from: pair.from.path, to: pair.to.path, delta }));
  const { size: bytes } = statSync(delta);
  const decoded = await runCommand(peer.decode({ from: pair.from.path, to: made, delta }));
  for (const file of [delta, made]) rmSync(file);
  return { pair, method: peer.name, bytes, encode: costOf(encoded), decode: costOf(decoded) };
}

async function timeOurs(
  pair: BenchPair,
  method: string,
  { work, scripts }: TimedRun,
): Promise<TimedDelta | undefined> {
  const runScript = (name: string, args: readonly string[]) => measureNode([join(scripts, name), ...args]);
  const delta = join(work, 'timed.delta');
  const made = join(work, 'timed.new');
  const encoded = await runScript('encode-process.js', [method, pair.from.path, pair.to.path, delta]);
  const file = JSON.parse(encoded.stdout) as EncodedFile | null;
  if (file === null) return undefined;
  const args = [pair.from.path, delta, made, String(file.length), String(pair.to.size)];
  const decoded = await runScript('decode-process.js', args);
  if (JSON.parse(decoded.stdout) !== pair.to.digest)
    throw new Error(`the ${method} delta of ${pair.name} does not make the new file`);
  const rated = await runScript('decode-process.js', [...args, 'rate']);
  for (const path of [delta, made]) rmSync(path);
  return {
    pair,
    method,
    bytes: file.stored,
    encode: costOf(encoded),
    decode: costOf(decoded),
    rate: Number(rated.stdout),
  };
}

function measureNode(args: readonly string[]): Promise<Measured> {
  return runCommand({ program: process.execPath, args });
}

async function runCommand({ program, args }: Command): Promise<Measured> {
  const measured = await measureCommand(program, args);
  if (measured.exit === 0) return measured;
  throw new Error(`${program} ${args.join(' ')} ended with ${measured.exit}\n${measured.stderr}`);
}

function costOf({ seconds, processor, peakMemory }: Measured): Cost {
  return { seconds, processor, memory: peakMemory };
}
