import { MEMORY } from './memory-budget.ts';

/** What a task works on, and what it takes, in bytes. */
export interface TaskWeight {
  /** Plain bytes of its content: its share of the progress. */
  readonly bytes: number;
  /** Memory at its peak. */
  readonly memory: number;
}

export interface TaskLimits {
  /** Tasks at a time. */
  readonly threads: number;
  /** Bytes of memory that all that run may take together; a task that needs more runs alone. */
  readonly memory: number;
}

/** How often the first in the line is overtaken by what is smaller, before all wait until it fits. */
const PATIENCE = 64;

/**
 * Which task starts when. The first that fits into what the running ones leave: of the budget, and of a multiple of the largest
 * content at work, so that a build takes no more than its files are worth.
 */
export class TaskLine<Task extends TaskWeight> {
  readonly #limits: TaskLimits;
  readonly #running = new Set<Task>();
  #waiting: Task[] = [];
  #overtaken = 0;

  constructor(limits: TaskLimits) {
    this.#limits = limits;
  }

  add(task: Task): void {
    this.#waiting.push(task);
  }

  /** A task that may start now, and counts as running from here on. */
  next(): Task | undefined {
    if (this.#running.size >= this.#limits.threads) return undefined;
    const index = this.#waiting.findIndex((task) => this.#hasRoom(task));
    if (index > 0 && this.#overtaken >= PATIENCE) return undefined;
    const task = this.#waiting[index];
    if (task === undefined) return undefined;
    this.#overtaken = index === 0 ? 0 : this.#overtaken + 1;
    this.#waiting.splice(index, 1);
    this.#running.add(task);
    return task;
  }

  end(task: Task): void {
    this.#running.delete(task);
  }

  /** Takes all that waits out of the line. */
  clear(): Task[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  #hasRoom(task: Task): boolean {
    if (this.#running.size === 0) return true;
    const together = [...this.#running, task];
    const largest = Math.max(...together.map(({ bytes }) => bytes));
    const { threads, memory: budget } = this.#limits;
    const enough = Math.max(MEMORY.small, MEMORY.smallTask * threads, MEMORY.perContent * largest);
    const limit = Math.min(budget, enough);
    return together.reduce((sum, { memory }) => sum + memory, 0) <= limit;
  }
}
