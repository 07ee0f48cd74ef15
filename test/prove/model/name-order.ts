import { type NamesEffect, placesOf } from './effect.ts';

/** Which changes of names may reach the disk without which others: `needs[i]` are those that come before `i`, transitively. */
export class NameOrder {
  readonly size: number;
  readonly #needs: readonly ReadonlySet<number>[];

  constructor(effects: readonly NamesEffect[]) {
    this.size = effects.length;
    const lastAt = new Map<string, number>();
    const needs: Set<number>[] = [];
    effects.forEach((effect, i) => {
      const own = new Set<number>();
      for (const place of placesOf(effect)) {
        const last = lastAt.get(place);
        if (last !== undefined) for (const one of [last, ...(needs[last] ?? [])]) own.add(one);
        lastAt.set(place, i);
      }
      needs.push(own);
    });
    this.#needs = needs;
  }

  /** Every possible set, or undefined where there are more than `max`. */
  all(max: number): ReadonlySet<number>[] | undefined {
    let sets: ReadonlySet<number>[] = [new Set()];
    for (let i = 0; i < this.size; i++) {
      const more = sets.filter((set) => this.#allows(set, i)).map((set) => new Set([...set, i]));
      sets = [...sets, ...more];
      if (sets.length > max) return undefined;
    }
    return sets;
  }

  everything(): ReadonlySet<number> {
    return new Set(Array.from({ length: this.size }, (_, i) => i));
  }

  /** The largest set without `lost`. */
  largestWithout(lost: number): ReadonlySet<number> {
    return new Set([...this.everything()].filter((i) => i !== lost && !this.#needs[i]?.has(lost)));
  }

  /** The smallest set with `kept`. */
  smallestWith(kept: number): ReadonlySet<number> {
    return new Set([...(this.#needs[kept] ?? []), kept]);
  }

  /** What is left of a choice without those for which something is missing. */
  possible(choice: (i: number) => boolean): ReadonlySet<number> {
    const set = new Set<number>();
    for (let i = 0; i < this.size; i++) if (this.#allows(set, i) && choice(i)) set.add(i);
    return set;
  }

  #allows(set: ReadonlySet<number>, i: number): boolean {
    for (const needed of this.#needs[i] ?? []) if (!set.has(needed)) return false;
    return true;
  }
}
