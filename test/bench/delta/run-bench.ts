import { mkdirSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { Workshop } from '../workshop.ts';
import type { BenchPair } from './bench-pair.ts';
import type { BenchResult } from './bench-result.ts';
import { buildCopy } from './built-copy.ts';
import { FIRST_UPDATE, listSets } from './list-sets.ts';
import { measureSets } from './measure-sets.ts';
import type { DeltaOptions } from './options.ts';
import { PEERS } from './peers.ts';
import { classChecks, fileChecks } from './size-checks.ts';
import { type Times, timeChecks } from './time-checks.ts';
import { bareMemory, type TimedDelta, timePair } from './timed-pairs.ts';
import { wireCheck } from './wire.ts';

/** Runs the parts that are asked for. A part that breaks off leaves the others their figures. */
export async function runDeltaBench(options: DeltaOptions, command: string): Promise<BenchResult> {
  mkdirSync(options.work, { recursive: true });
  const failures: string[] = [];
  const attempt = async <T>(part: string, work: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await work();
    } catch (error) {
      failures.push(`${part}: ${error instanceof Error ? error.message : error}`);
      return undefined;
    }
  };
  const { compared, timed } = listSets(options);
  const sets = (await attempt('sizes', () => measureSets(compared, options))) ?? [];
  const times = timed.length > 0 ? await attempt('times', () => measureTimes(timed, options)) : undefined;
  // What is asked of whole updates can't be told from some of their files.
  const whole = options.pairs === undefined && options.files === undefined;
  const wire =
    whole && options.parts.has('wire')
      ? await attempt('wire', () => wireCheck(workshop(options)))
      : undefined;
  const checks = [
    ...(whole ? sets.flatMap(({ name, figures }) => classChecks(name, figures)) : []),
    ...fileChecks(sets.find(({ name }) => name === FIRST_UPDATE)?.figures ?? []),
    ...(times === undefined ? [] : timeChecks(times)),
    ...(wire === undefined ? [] : [wire]),
  ];
  return { machine: machine(), command, sets, times, checks, failures };
}

async function measureTimes(pairs: readonly BenchPair[], { work }: DeltaOptions): Promise<Times> {
  const report = ({ pair, method, bytes, encode, decode }: TimedDelta): void => {
    const seconds = `${encode.seconds.toFixed(2)} s, ${decode.seconds.toFixed(2)} s`;
    process.stderr.write(`${method} of ${pair.name}: ${bytes} bytes, ${seconds}\n`);
  };
  const scripts = buildCopy(join(work, 'built'));
  const timed: TimedDelta[] = [];
  for (const pair of pairs) timed.push(...(await timePair(pair, { work, scripts, report })));
  return { bare: await bareMemory(), timed };
}

function workshop({ work, trees }: DeltaOptions): Workshop {
  return new Workshop(join(work, 'wire'), trees, (text) => process.stderr.write(text));
}

function machine(): string {
  const [{ model = 'unknown' } = {}] = cpus();
  const versions = PEERS.map((peer) => `${peer.name} ${peer.version()}`).join(', ');
  return `${cpus().length} × ${model}, ${(totalmem() / 1e9).toFixed(0)} GB, Node ${process.version}, ${versions}`;
}
