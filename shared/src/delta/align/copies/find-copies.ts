import { COPIES_MAX, type Copies, CopyList } from './copy-list.ts';
import { extendBackward, extendForward, splitOverlap } from './extend-copy.ts';
import { ratePlace } from './rate-place.ts';
import { RecentEnds } from './recent-ends.ts';
import type { SearchRule } from './search-rule.ts';
import { PLACES, SEED, SeedTable } from './seed-table.ts';

/** Agreeing bytes in a row after which nothing better is looked for until they end. */
const SURE = 16;
/** Positions behind a place that pays at which one may be that pays more, and by how much it has to. */
const PATIENCE = 8;
const BETTER = 2;
/** Distance from where the source was left that is still near. */
const NEAR = 4096;
/** Copies whose ends count for that. */
const RECENT = 4;

/**
 * Parts of `target` that resemble parts of `source`: after bsdiff (C. Percival), the diagonal of the last copy is left only for a place
 * that explains more bytes, by more than a copy costs; then it is extended both ways while enough of the bytes agree. Unlike there, places
 * are compared by what is alike, not by what is equal, and found by a table of the source's seeds instead of a suffix array.
 */
export function findCopies(source: Uint8Array, target: Uint8Array, rule: SearchRule): Copies {
  const search = new Search(source, target, rule);
  return search.run();
}

class Search {
  readonly #source: Uint8Array;
  readonly #target: Uint8Array;
  readonly #rule: SearchRule;
  readonly #seeds: SeedTable;
  readonly #copies = new CopyList();
  readonly #ends = new RecentEnds(RECENT);
  /** Start of the copy that is open. */
  #openTarget = 0;
  #openSource = 0;
  /** From a position of the target to the one of the source that the open copy aligns it with. */
  #diagonal = 0;
  /** The best place of the last `#look`, or -1, and how much it pays. */
  #place = -1;
  #profit = 0;

  constructor(source: Uint8Array, target: Uint8Array, rule: SearchRule) {
    this.#source = source;
    this.#target = target;
    this.#rule = rule;
    this.#seeds = new SeedTable(source);
  }

  run(): Copies {
    const last = this.#target.length - SEED;
    for (let at = 0; at <= last && this.#copies.count < COPIES_MAX - 1; ) {
      const along = this.#agreeing(at, at + this.#diagonal, SURE);
      if (along === SURE) {
        at += this.#agreeing(at, at + this.#diagonal, this.#target.length);
        continue;
      }
      this.#look(at);
      if (this.#place < 0) {
        at += 1;
        continue;
      }
      at = this.#await(at, Math.min(at + PATIENCE, last));
      this.#close(at, this.#place);
      this.#diagonal = this.#place - at;
      at += SEED;
    }
    this.#close(this.#target.length, -1);
    this.#seeds.release();
    return this.#copies;
  }

  /** The best place for `at` that pays. */
  #look(at: number): void {
    this.#place = -1;
    this.#profit = 0;
    const present = at + this.#diagonal;
    const bucket = this.#seeds.bucketOf(this.#target, at);
    for (let number = 0; number < PLACES; number += 1) {
      const place = this.#seeds.place(bucket, number);
      if (place < 0) break;
      if (place !== present && this.#agreeing(at, place, SEED) === SEED) {
        const near = this.#isNear(place, present);
        const rating = ratePlace(this.#source, this.#target, { at, place, present }, this.#rule.doubt);
        const profit = rating - (near ? this.#rule.near : this.#rule.far);
        if (profit > this.#profit) {
          this.#profit = profit;
          this.#place = place;
        }
      }
    }
  }

  #isNear(place: number, present: number): boolean {
    const end = this.#ends.get(this.#ends.closest(place));
    return Math.min(Math.abs(place - present), Math.abs(place - end)) < NEAR;
  }

  /** The position up to `limit` that has the place that pays most, which is left in `#place`: the first one may be of a short repeat. */
  #await(first: number, limit: number): number {
    let at = first;
    let place = this.#place;
    let profit = this.#profit;
    for (let next = first + 1; next <= limit; next += 1) {
      this.#look(next);
      if (this.#place < 0 || this.#profit <= profit + BETTER || this.#place - next === place - at) continue;
      at = next;
      place = this.#place;
      profit = this.#profit;
    }
    this.#place = place;
    return at;
  }

  /** Ends the open copy, and opens one that has `target` aligned with `source`; a negative source opens none. */
  #close(target: number, source: number): void {
    const open = { source: this.#openSource, target: this.#openTarget };
    const extension = { max: target - open.target, penalty: this.#rule.penalty };
    let forward = extendForward(this.#source, this.#target, open, extension);
    let backward = source < 0 ? 0 : extendBackward(this.#source, this.#target, { source, target }, extension);
    const overlap = open.target + forward - (target - backward);
    if (overlap > 0) {
      const kept = splitOverlap(this.#source, this.#target, {
        from: target - backward,
        length: overlap,
        left: open.source - open.target,
        right: source - target,
      });
      forward += kept - overlap;
      backward -= kept;
    }
    if (forward >= SEED) {
      this.#copies.add(open.target, open.source, forward);
      this.#ends.add(open.source, forward, this.#ends.closest(open.source));
    }
    this.#openTarget = target - backward;
    this.#openSource = source - backward;
  }

  /** Bytes that agree in a row, up to `max`. */
  #agreeing(target: number, source: number, max: number): number {
    if (source < 0) return 0;
    const end = Math.min(max, this.#target.length - target, this.#source.length - source);
    let length = 0;
    while (length < end && this.#source[source + length] === this.#target[target + length]) length += 1;
    return length;
  }
}
