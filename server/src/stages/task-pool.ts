import { createWorkerPool, siblingModule, type WorkerPool } from '@swupd/shared/io';
import { TaskLine, type TaskWeight } from '../plan/task-line.ts';
import type * as BuildTasks from './build-tasks.ts';
import { type Outcome, openOutcome } from './task-outcome.ts';

export type TaskName = keyof typeof BuildTasks;
export type TaskRequest<Name extends TaskName> = Parameters<(typeof BuildTasks)[Name]>[0];
export type TaskResult<Name extends TaskName> =
  Awaited<ReturnType<(typeof BuildTasks)[Name]>> extends Outcome<infer Result> ? Result : never;

export interface WeightedRequest<Name extends TaskName> extends TaskWeight {
  readonly request: TaskRequest<Name>;
}

interface Waiting extends TaskWeight {
  readonly start: () => Promise<void>;
  readonly cancel: (error: unknown) => void;
}

/** The worker threads of a build. All that is asked of them waits in one line, whoever asks. */
export class TaskPool {
  readonly #threads: number;
  #workers: WorkerPool;
  readonly #line: TaskLine<Waiting>;

  /** @param memory bytes that all running tasks together may take; one that needs more runs alone */
  constructor(threads: number, memory: number) {
    this.#threads = threads;
    this.#workers = startWorkers(threads);
    this.#line = new TaskLine({ threads, memory });
  }

  /**
   * Runs a task for each request, started in the given order as far as the memory allows, and gives the results in that order.
   * `onDone` hears of each result as it comes. After a failure nothing that waits is started; it is thrown when what runs has ended.
   */
  async runAll<Name extends TaskName>(
    name: Name,
    requests: readonly WeightedRequest<Name>[],
    onDone: (bytes: number) => void = () => {},
  ): Promise<TaskResult<Name>[]> {
    const outcomes = await Promise.allSettled(
      requests.map(async (request) => {
        const result = await this.#enqueue(name, request);
        onDone(request.bytes);
        return result;
      }),
    );
    return outcomes.map((outcome) => {
      if (outcome.status === 'rejected') throw outcome.reason;
      return outcome.value;
    });
  }

  /** Ends the threads, with all that their tasks have left in them. The next task starts others. */
  async renew(): Promise<void> {
    await this.#workers.close();
    this.#workers = startWorkers(this.#threads);
  }

  close(): Promise<void> {
    return this.#workers.close();
  }

  #enqueue<Name extends TaskName>(name: Name, item: WeightedRequest<Name>): Promise<TaskResult<Name>> {
    return new Promise((resolve, reject) => {
      const start = async (): Promise<void> => {
        try {
          resolve(openOutcome(await this.#workers.run<Outcome<TaskResult<Name>>>(name, item.request)));
        } catch (error) {
          reject(error);
          for (const { cancel } of this.#line.clear()) cancel(error);
        }
      };
      this.#line.add({ bytes: item.bytes, memory: item.memory, start, cancel: reject });
      this.#startNext();
    });
  }

  #startNext(): void {
    for (let next = this.#line.next(); next !== undefined; next = this.#line.next()) void this.#run(next);
  }

  async #run(task: Waiting): Promise<void> {
    await task.start();
    this.#line.end(task);
    this.#startNext();
  }
}

function startWorkers(threads: number): WorkerPool {
  return createWorkerPool({ module: siblingModule(import.meta.url, './build-tasks'), threads });
}

/** `items` in portions that stay below both limits, in order; one that is larger on its own stands alone. */
export function inBatches<T>(
  items: readonly T[],
  sizeOf: (item: T) => number,
  limits: { readonly bytes: number; readonly count: number },
): { readonly items: T[]; readonly bytes: number }[] {
  const batches: { items: T[]; bytes: number }[] = [];
  for (const item of items) {
    const size = sizeOf(item);
    const last = batches.at(-1);
    if (last === undefined || last.items.length >= limits.count || last.bytes + size > limits.bytes) {
      batches.push({ items: [item], bytes: size });
    } else {
      last.items.push(item);
      last.bytes += size;
    }
  }
  return batches;
}
