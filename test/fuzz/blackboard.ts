import { type FuzzCase, READ_STYLES } from './fuzz-case.ts';

/** Room for a case; what is larger is cut off. */
const BYTES = 1024 * 1024;
/** Executions, target size, lengths of source and payload, style of reads. */
const HEAD = 5;

/** What a fuzzing thread writes down before each execution, for the thread that watches it: it may not come back from one. */
export class Blackboard {
  readonly memory: SharedArrayBuffer;
  readonly #head: Float64Array;
  readonly #bytes: Uint8Array;

  constructor(memory = new SharedArrayBuffer(HEAD * 8 + BYTES)) {
    this.memory = memory;
    this.#head = new Float64Array(memory, 0, HEAD);
    this.#bytes = new Uint8Array(memory, HEAD * 8);
  }

  /** Executions that were begun. */
  get executions(): number {
    return this.#head[0] ?? 0;
  }

  write({ source, payload, targetSize, reads }: FuzzCase): void {
    const sourceSize = Math.min(source.length, BYTES >> 1);
    const payloadSize = Math.min(payload.length, BYTES >> 1);
    this.#bytes.set(source.subarray(0, sourceSize));
    this.#bytes.set(payload.subarray(0, payloadSize), sourceSize);
    this.#head.set([this.executions + 1, targetSize, sourceSize, payloadSize, READ_STYLES.indexOf(reads)]);
  }

  read(): FuzzCase {
    const [, targetSize = 0, sourceSize = 0, payloadSize = 0, style = 0] = this.#head;
    return {
      targetSize,
      reads: READ_STYLES[style] ?? 'whole',
      source: this.#bytes.slice(0, sourceSize),
      payload: this.#bytes.slice(sourceSize, sourceSize + payloadSize),
    };
  }
}
