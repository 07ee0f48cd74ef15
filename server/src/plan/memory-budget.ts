import { ENCODING_BUDGET } from '@swupd/shared/delta';

const MIB = 1024 * 1024;

/** How the memory of a build is shared out. Decides how much runs at a time, and below `MEMORY.default` which deltas are tried. */
export const MEMORY = {
  /** What a build may take that was not told otherwise, on a machine with less than twice as much. */
  default: 3072 * MIB,
  /** The share of a larger machine. */
  share: 0.5,
  /** Below it a build can't keep to it: the largest files alone take as much. */
  min: 1024 * MIB,
  /** What is left beside a single pair of blobs. */
  rest: 1024 * MIB,
  /** The main thread with the manifests. */
  process: 256 * MIB,
  /** A worker thread with its modules, its codecs, and what it has let go but not given back. */
  thread: 96 * MIB,
  /** All tasks together stay below so many times the plain bytes of the largest of them, so that a small build takes little. */
  perContent: 6,
  /** Where the contents are small it is their fixed costs that count: so much together in any case, and so much for each thread. */
  small: 512 * MIB,
  smallTask: 96 * MIB,
} as const;

/** What a build may take that was not told otherwise, on a machine with `total` bytes. */
export function defaultMemory(total: number): number {
  return Math.max(MEMORY.default, Math.floor(MEMORY.share * total));
}

/** What all tasks together may take of the `memory` of a build with so many threads: at least half of it. */
export function taskMemory(memory: number, threads: number): number {
  return Math.max(memory - MEMORY.process - threads * MEMORY.thread, memory / 2);
}

/**
 * What a single pair of blobs may take of the `memory` of a build. Whatever the machine and the number of threads, the same
 * deltas are tried unless somebody asks for less than the default.
 */
export function pairMemory(memory: number): number {
  return Math.min(ENCODING_BUDGET.memory, Math.max(memory - MEMORY.rest, memory / 2));
}
