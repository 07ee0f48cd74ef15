import type { Coverage } from './edges/install-coverage.ts';
import { Finding } from './finding.ts';
import type { FuzzCase } from './fuzz-case.ts';
import type { FuzzTarget } from './fuzz-target.ts';

/**
 * What one execution may take: some processor time for whatever it is, and more for a target that is announced as large. Memory
 * is the sum of all buffers, whether they are held or not.
 */
const MOST = {
  milliseconds: 2000,
  memory: 64 * 1024 * 1024,
  memoryPerByte: 4,
  bytesPerMillisecond: 10_000,
} as const;
/** One case in so many runs twice. */
const AGAIN = 256;

/** Runs cases one after the other, and holds the decoder to its promises. */
export class Executor {
  readonly #target: FuzzTarget;
  readonly #coverage: Coverage;
  readonly #announce: (input: FuzzCase) => void;
  #executions = 0;

  constructor(target: FuzzTarget, coverage: Coverage, announce: (input: FuzzCase) => void) {
    this.#target = target;
    this.#coverage = coverage;
    this.#announce = announce;
  }

  get executions(): number {
    return this.#executions;
  }

  /**
   * What the target makes of the case, or undefined where it refuses it. The coverage is that of this execution.
   * @throws Finding, or any error that is one
   */
  async execute(input: FuzzCase): Promise<Uint8Array | undefined> {
    const made = await this.#once(input);
    if (this.#executions % AGAIN === 0 && !isSame(made, await this.#once(input))) {
      throw new Finding('unstable', 'the same case gives two results');
    }
    return made;
  }

  async #once(input: FuzzCase, isRetry = false): Promise<Uint8Array | undefined> {
    this.#announce(input);
    this.#executions += 1;
    this.#coverage.edges.clear();
    this.#coverage.memory.reset();
    const start = process.threadCpuUsage();
    const running = this.#target.run(input);
    const made = running instanceof Promise ? await running : running;
    const { taken } = this.#coverage.memory;
    const bytes = input.source.length + input.payload.length + input.targetSize;
    if (taken > MOST.memory + MOST.memoryPerByte * bytes)
      throw new Finding('amplified', `takes ${taken} bytes of memory`);
    const most = MOST.milliseconds + input.targetSize / MOST.bytesPerMillisecond;
    const { user, system } = process.threadCpuUsage(start);
    if (user + system < most * 1000) return made;
    // Once can be the garbage collector.
    if (isRetry) throw new Finding('slow', `takes more than ${most} ms`);
    return this.#once(input, true);
  }
}

function isSame(one: Uint8Array | undefined, other: Uint8Array | undefined): boolean {
  return one === undefined || other === undefined ? one === other : Buffer.compare(one, other) === 0;
}
