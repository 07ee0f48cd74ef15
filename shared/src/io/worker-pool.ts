import { Piscina } from 'piscina';
import { threadEnvironment } from './thread-environment.ts';

/** Worker threads that run the default-less task modules of this project. */
export interface WorkerPool {
  /**
   * Runs the function `name` that the pool's module exports, in some thread. Arguments and result are cloned. An error loses
   * its class and its code on the way: a failure that the caller has to tell apart is a value.
   */
  run<Result>(name: string, argument: unknown): Promise<Result>;
  close(): Promise<void>;
}

export interface WorkerPoolOptions {
  /** The module whose exported functions are the tasks; see `siblingModule`. */
  readonly module: URL;
  /** Threads at most; they start when there is work and end with the pool. */
  readonly threads: number;
  /** Milliseconds after which a thread without work ends and gives its memory back; default a minute. */
  readonly idleTimeout?: number;
}

/** MiB. Tasks hold buffers, not small objects: a large nursery would only be memory that is touched once. */
const YOUNG_GENERATION = 8;

export function createWorkerPool({ module, threads, idleTimeout = 60_000 }: WorkerPoolOptions): WorkerPool {
  const pool = new Piscina({
    filename: module.href,
    minThreads: 0,
    maxThreads: threads,
    idleTimeout,
    concurrentTasksPerWorker: 1,
    env: threadEnvironment(process.env),
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION },
  });
  return {
    run: (name, argument) => pool.run(argument, { name }),
    close: () => pool.destroy(),
  };
}
