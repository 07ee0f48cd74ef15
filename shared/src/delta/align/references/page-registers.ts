const COUNT = 32;
/** A call leaves these to nobody: x0 to x17. */
const SCRATCH = 18;

/**
 * Which page of 4 KiB each register of aarch64 code points to, as far as an ADRP has said so: its address in the source, and what
 * has become of it in the target.
 */
export class PageRegisters {
  readonly #known = new Uint8Array(COUNT);
  readonly #pages = new Int32Array(COUNT);
  readonly #moved = new Int32Array(COUNT);

  /** `register` points to the page of `address`, which is `moved` in the target. */
  hold(register: number, address: number, moved: number): void {
    this.#known[register] = 1;
    this.#pages[register] = address & ~0xfff;
    this.#moved[register] = moved & ~0xfff;
  }

  holds(register: number): boolean {
    return this.#known[register] === 1;
  }

  page(register: number): number {
    return this.#pages[register] as number;
  }

  movedPage(register: number): number {
    return this.#moved[register] as number;
  }

  forget(register: number): void {
    this.#known[register] = 0;
  }

  forgetScratch(): void {
    this.#known.fill(0, 0, SCRATCH);
  }

  forgetAll(): void {
    this.#known.fill(0);
  }
}
