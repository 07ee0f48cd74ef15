import { join } from 'node:path';
import { tempFolder } from '../../support/temp-folder.ts';
import type { Broken, ProofRequest, ProofResult } from '../proof.ts';
import { startHostileServer } from './hostile-server.ts';
import { runTry, type TryResult } from './run-try.ts';
import { FAULT_NAMES } from './vocabulary.ts';
import { buildWorld } from './world.ts';

/** Tries at a time: most of them wait for a server that takes its time. */
const LANES = 6;
/** Bytes of the whole process, with all its lanes. */
const MEMORY = 1024 * 1024 * 1024;
/** Milliseconds between two looks at the memory. */
const LOOK = 50;
/** Where nothing is written to a real disk, if there is such a place. */
const FAST = '/dev/shm';

/** Runs tries number `seed` to `seed` + `count` - 1, against a server that knows the faults in `vocabulary`. */
export async function proveHostile(
  { count, seed, progress }: ProofRequest,
  vocabulary = FAULT_NAMES,
): Promise<ProofResult> {
  using folder = tempFolder(FAST);
  const world = await buildWorld(folder.path);
  const broken: Broken[] = [];
  const sums = { commands: 0, refused: 0, requests: 0, parts: 0, resumes: 0 };
  let tried = 0;
  const peak = watchMemory();
  const numbers = Array.from({ length: count }, (_, index) => seed + index).values();
  const lane = async (_: unknown, index: number): Promise<void> => {
    await using other = await startHostileServer(world);
    await using server = await startHostileServer(world, other.url);
    for (const number of numbers) {
      const result = await runTry({
        world,
        server,
        vocabulary,
        folder: join(folder.path, `lane-${index}`),
        seed: number,
      });
      add(sums, result);
      if (result.wrong.length > 0) broken.push(describe(result, number));
      progress(++tried, broken.length);
    }
  };
  await Promise.all(Array.from({ length: Math.min(LANES, count) }, lane));
  const memory = peak.stop();
  if (memory > MEMORY) broken.push({ what: `takes ${memory} bytes of memory`, again: againOf(seed, count) });
  return { tried, broken, figures: { ...sums, 'peak memory, MiB': Math.round(memory / 2 ** 20) } };
}

function describe({ wrong, steps }: TryResult, number: number): Broken {
  return { what: `${wrong.join('\n')}\n  ${steps.join('\n  ')}`, again: againOf(number, 1) };
}

function againOf(seed: number, count: number): string {
  return `pnpm prove hostile --seed ${seed} --count ${count}`;
}

function add(
  sums: { commands: number; refused: number; requests: number; parts: number; resumes: number },
  { failed, succeeded, counts }: TryResult,
): void {
  sums.commands += failed + succeeded;
  sums.refused += failed;
  sums.requests += counts.requests;
  sums.parts += counts.parts;
  sums.resumes += counts.resumes;
}

function watchMemory(): { stop(): number } {
  let most = 0;
  const look = (): void => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  const timer = setInterval(look, LOOK);
  return {
    stop() {
      look();
      clearInterval(timer);
      return most;
    },
  };
}
