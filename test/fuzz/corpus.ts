import type { FuzzCase } from './fuzz-case.ts';
import type { Random } from './random.ts';

/** More are rarely worth their place: the first to go is one that no edge needs. */
const ENTRIES_MAX = 4096;

interface Entry {
  readonly input: FuzzCase;
  /** Edges that no smaller entry has. */
  owned: number;
}

/** Cases that each did something new. For every edge it knows the smallest one that has it. */
export class Corpus {
  readonly #entries: Entry[] = [];
  readonly #owners = new Map<number, Entry>();

  get size(): number {
    return this.#entries.length;
  }

  /** @param hits the edges of the case, with how often they ran */
  add(input: FuzzCase, hits: readonly number[]): void {
    const entry = { input, owned: 0 };
    for (const hit of hits) this.#own(hit, entry);
    this.#entries.push(entry);
    if (this.#entries.length <= ENTRIES_MAX) return;
    const useless = this.#entries.findIndex(({ owned }) => owned === 0);
    this.#entries.splice(Math.max(useless, 0), 1);
  }

  /** One to go on from: mostly one that some edge needs, or one of the newest. */
  pick(random: Random): FuzzCase {
    for (let tries = 0; tries < 4; tries += 1) {
      const entry = random.pick(this.#entries);
      if (entry.owned > 0) return entry.input;
    }
    const newest = this.#entries.slice(-16);
    return random.pick(random.oneIn(2) ? newest : this.#entries).input;
  }

  /** The smallest cases that have all edges together, those with the most of them first. */
  essential(): FuzzCase[] {
    return this.#entries
      .filter(({ owned }) => owned > 0)
      .sort((a, b) => b.owned - a.owned)
      .map(({ input }) => input);
  }

  #own(hit: number, entry: Entry): void {
    const owner = this.#owners.get(hit);
    if (owner !== undefined && sizeOf(owner.input) <= sizeOf(entry.input)) return;
    if (owner !== undefined) owner.owned -= 1;
    entry.owned += 1;
    this.#owners.set(hit, entry);
  }
}

function sizeOf({ source, payload }: FuzzCase): number {
  return source.length / 16 + payload.length;
}
