import { parentPort, workerData } from 'node:worker_threads';
import { Blackboard } from './blackboard.ts';
import { installCoverage } from './edges/install-coverage.ts';
import { fuzz } from './fuzz-loop.ts';
import { Random } from './random.ts';
import { readSeeds } from './seed-files.ts';
import { loadTarget, type TargetName } from './targets.ts';

/** What a fuzzing thread is started with. It posts a `FuzzResult`. */
export interface FuzzOrder {
  readonly target: TargetName;
  readonly seed: number;
  readonly executions: number;
  readonly seconds: number;
  readonly board: SharedArrayBuffer;
}

const order = workerData as FuzzOrder;
const coverage = installCoverage();
const target = await loadTarget(order.target);
// Refusals are errors by the million; a stack for each takes most of the time.
Error.stackTraceLimit = 0;
const end = performance.now() + order.seconds * 1000;
const board = new Blackboard(order.board);
const result = await fuzz(target, {
  seeds: readSeeds(order.target),
  random: new Random(order.seed),
  coverage,
  executions: order.executions,
  isOver: () => performance.now() > end,
  announce: (input) => board.write(input),
});
parentPort?.postMessage(result);
