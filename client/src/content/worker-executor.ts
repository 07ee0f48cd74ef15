import { createWorkerPool, siblingModule } from '@swupd/shared/io';
import type * as ContentTasks from './content-worker.ts';
import type { Executor } from './executor.ts';
import { openOutcome, type TaskOutcome } from './task-outcome.ts';

/** Milliseconds. A thread that has nothing to do need not hold its memory while others work. */
const IDLE_TIMEOUT = 200;

/** Runs tasks in up to `threads` worker threads, which start when there is work. */
export function workerExecutor(threads: number): Executor {
  const module = siblingModule(import.meta.url, './content-worker');
  const pool = createWorkerPool({ module, threads, idleTimeout: IDLE_TIMEOUT });
  const run = async <Result>(name: keyof typeof ContentTasks, task: unknown): Promise<Result> =>
    openOutcome(await pool.run<TaskOutcome<Result>>(name, task));
  return {
    // One more than there are threads, so that none waits for its next task.
    parallel: threads + 1,
    inspect: (task) => run('inspectTask', task),
    decode: (task) => run('decodeTask', task),
    copy: (task) => run('copyTask', task),
    close: () => pool.close(),
  };
}
