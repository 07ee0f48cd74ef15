import { memberBlobs } from '@swupd/manifests';
import type { InspectTask } from '../inspect/inspect-task.ts';
import type { CopyTask } from './copy-blobs.ts';
import type { DecodeTask } from './decode-task.ts';
import type { Executor } from './executor.ts';

export interface LazyExecutorOptions {
  readonly inline: Executor;
  readonly threads: number;
  readonly startWorkers: () => Executor;
  /** Aborted: tasks that have not begun are refused. */
  readonly signal?: AbortSignal;
}

/** What may be done in this thread before others are started, in microseconds: about what starting them takes. */
const BUDGET = 100_000;

/** Rough costs in microseconds: to look at one file, and to read or write a byte. */
const FILE_COST = 50;
const READ_COST = 1 / 1000;
const WRITE_COST = 1 / 200;

/** Begins in this thread, and starts worker threads when the work turns out to be larger than that is worth. */
export function lazyExecutor({ inline, threads, startWorkers, signal }: LazyExecutorOptions): Executor {
  let spent = 0;
  let workers: Executor | undefined;
  const executorFor = (cost: number): Executor => {
    signal?.throwIfAborted();
    spent += cost;
    if (workers === undefined && spent <= BUDGET) return inline;
    workers ??= startWorkers();
    return workers;
  };
  return {
    parallel: threads + 1,
    inspect: async (task) => executorFor(inspectCost(task)).inspect(task),
    decode: async (task) => executorFor(decodeCost(task)).decode(task),
    copy: async (task) => executorFor(copyCost(task)).copy(task),
    close: async () => {
      await inline.close();
      await workers?.close();
    },
  };
}

function inspectCost({ items, hash }: InspectTask): number {
  const bytes = items.reduce(
    (sum, { candidates: [entry] }) => sum + (entry?.type === 'file' ? entry.size : 0),
    0,
  );
  return items.length * FILE_COST + (hash ? bytes * READ_COST : 0);
}

function decodeCost({ frame, wanted }: DecodeTask): number {
  const written = frame.members.flatMap(memberBlobs).reduce((sum, { size }) => sum + size, 0);
  return wanted.length * FILE_COST + written * WRITE_COST;
}

function copyCost({ items }: CopyTask): number {
  return items.length * FILE_COST * 2;
}
