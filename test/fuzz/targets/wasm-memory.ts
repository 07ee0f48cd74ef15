import { exportedMemory, type WasmInstance } from '../edges/web-assembly.ts';

/** Bytes from the start of the heap on that are made like new: small cases reach no further. */
const HEAP_USED = 1024 * 1024;

/** The memory of a module that was instantiated, and nothing more: data, stack, and a heap that starts behind them. */
export class WasmMemory {
  readonly #bytes: Uint8Array;
  readonly #fresh: Uint8Array;

  /** @param instance with `memory` and `malloc`, as emscripten exports them, before its first use */
  constructor(instance: WasmInstance | undefined) {
    const malloc = instance?.exports.malloc;
    if (instance === undefined || typeof malloc !== 'function')
      throw new TypeError('there is no module to watch');
    this.#bytes = exportedMemory(instance, 'memory');
    const whole = this.#bytes.slice();
    const heap = Number(malloc(1));
    this.#fresh = whole.slice(0, heap & ~15);
    this.reset(0);
  }

  /** As it was, with `filler` in the memory that was never given out. */
  reset(filler: number): void {
    this.#bytes.set(this.#fresh);
    this.#bytes.fill(filler, this.#fresh.length, this.#fresh.length + HEAP_USED);
  }
}
