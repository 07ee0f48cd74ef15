/** Measures how long the stages of a build take. */
export class StageClock {
  readonly #now: () => number;
  readonly #times: Record<string, number> = {};
  #started: number;

  /** @param now gives milliseconds */
  constructor(now: () => number) {
    this.#now = now;
    this.#started = now();
  }

  /** The stage that ran since the last call, or since the start, was `stage`. */
  end(stage: string): void {
    const time = this.#now();
    this.#times[stage] = time - this.#started;
    this.#started = time;
  }

  /** Milliseconds by stage. */
  get times(): Readonly<Record<string, number>> {
    return { ...this.#times };
  }
}
