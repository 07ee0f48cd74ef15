import type { DeltaSource } from '@swupd/shared/delta';
import { Finding } from './finding.ts';
import type { FuzzCase, ReadStyle } from './fuzz-case.ts';

/** How often a decoder may read its source, and what it reads for nothing. */
const READS = { times: 64, free: 1024 * 1024, callsFree: 4096 } as const;

/** A source that takes notice of every read. */
export class GuardedSource implements DeltaSource {
  readonly size: number;
  /** The first read that was none: outside of the source, or more than a decoder may read. It was thrown, too. */
  fault: Finding | undefined;
  readonly #bytes: Uint8Array;
  readonly #style: ReadStyle;
  readonly #allowance: number;
  #read = 0;
  #calls = 0;

  constructor({ source, targetSize, reads }: FuzzCase) {
    this.size = source.length;
    this.#bytes = source;
    this.#style = reads;
    this.#allowance = READS.times * (source.length + targetSize) + READS.free;
  }

  /** @throws Finding `bad-read`, `amplified` */
  read(buffer: Uint8Array, position: number): number {
    if (!Number.isSafeInteger(position) || position < 0 || position + buffer.length > this.size) {
      this.#fail('bad-read', `${buffer.length} bytes at ${position} of ${this.size}`);
    }
    this.#read += buffer.length;
    this.#calls += 1;
    if (this.#read > this.#allowance || this.#calls > READS.callsFree + this.#allowance / 16) {
      this.#fail('amplified', `${this.#read} bytes of the source in ${this.#calls} reads`);
    }
    const there = this.#style === 'shrunk' ? this.size >> 1 : this.size;
    const length = this.#style === 'short' ? (buffer.length >> 1) + 1 : buffer.length;
    const part = this.#bytes.subarray(position, Math.min(position + Math.min(length, buffer.length), there));
    buffer.set(part);
    return part.length;
  }

  #fail(fault: 'bad-read' | 'amplified', message: string): never {
    this.fault ??= new Finding(fault, message);
    throw this.fault;
  }
}
