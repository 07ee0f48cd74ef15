import { Worker } from 'node:worker_threads';
import { Blackboard } from './blackboard.ts';
import type { FoundFault, FuzzResult } from './fuzz-result.ts';
import type { FuzzOrder } from './fuzz-thread.ts';

/** What a thread may do before it is stopped: milliseconds in one execution, MB of heap, bytes of the process in all. */
const MOST = { hang: 20_000, heap: 512, process: 2048 * 1024 * 1024 } as const;
const LOOK_EVERY = 500;
const THREAD = new URL('./fuzz-thread.ts', import.meta.url);

export type WatchedOrder = Omit<FuzzOrder, 'board'>;

export interface WatchOptions {
  onProgress(executions: number): void;
  /** What runs in the thread, for tests. */
  readonly thread?: URL;
  /** Milliseconds in one execution. */
  readonly hangAfter?: number;
  /** MB. */
  readonly heap?: number;
}

/**
 * Fuzzes in a thread of its own. One that hangs in an execution, takes too much memory or ends is a finding, too: the case is
 * what it wrote down before.
 */
export function watchTarget(
  order: WatchedOrder,
  { onProgress, thread = THREAD, hangAfter = MOST.hang, heap = MOST.heap }: WatchOptions,
): Promise<FuzzResult> {
  const board = new Blackboard();
  const { promise, resolve } = Promise.withResolvers<FuzzResult>();
  const start = performance.now();
  const worker = new Worker(thread, {
    workerData: { ...order, board: board.memory } satisfies FuzzOrder,
    resourceLimits: { maxOldGenerationSizeMb: heap },
    execArgv: ['--disable-warning=ExperimentalWarning'],
  });
  const stop = (fault: Pick<FoundFault, 'key' | 'text'>) => {
    const seconds = (performance.now() - start) / 1000;
    resolve(brokenRun(order, board, { seconds, fault }));
  };
  let seen = { executions: -1, at: start };
  const timer = setInterval(() => {
    const { executions } = board;
    const now = performance.now();
    if (executions !== seen.executions || executions === 0) seen = { executions, at: now };
    onProgress(executions);
    if (now - seen.at > hangAfter) stop({ key: 'hang', text: `no end after ${hangAfter} ms` });
    const memory = process.memoryUsage.rss();
    if (memory > MOST.process) stop({ key: 'memory', text: `the process has ${memory} bytes` });
  }, LOOK_EVERY);
  worker.once('message', resolve);
  worker.once('error', (error) =>
    stop({ key: 'thread', text: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
  worker.once('exit', () => stop({ key: 'thread', text: 'the thread has ended' }));
  return promise.finally(async () => {
    clearInterval(timer);
    await worker.terminate();
  });
}

function brokenRun(
  { target }: WatchedOrder,
  board: Blackboard,
  { seconds, fault }: { readonly seconds: number; readonly fault: Pick<FoundFault, 'key' | 'text'> },
): FuzzResult {
  return {
    target,
    executions: board.executions,
    seconds,
    edges: { seen: 0, all: 0 },
    corpus: [],
    small: { refused: 0, exact: 0, other: 0 },
    findings: [{ ...fault, input: board.read() }],
  };
}
