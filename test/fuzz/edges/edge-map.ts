/** Edges that a whole program can have. */
const EDGES_MAX = 65_536;

/** Bit of a count, as AFL groups them: 1, 2, 3, 4 and more, 8, 16, 32, 128. */
const BUCKETS = Uint8Array.from({ length: 256 }, (_, count) => bucketOf(count));

/** Counters of JavaScript, in one array for all modules, and of each WebAssembly module; and what of it was ever seen. */
export class EdgeMap {
  readonly counters = new Uint8Array(EDGES_MAX);
  #used = 0;
  readonly #regions: { readonly counters: Uint8Array; readonly seen: Uint8Array }[] = [];

  /** The number that the first edge of the next module gets. */
  get next(): number {
    return this.#used;
  }

  /** Takes notice of the `count` edges of one more module. */
  add(count: number): void {
    if (this.#used + count > EDGES_MAX) throw new RangeError('too many edges');
    this.addRegion(this.counters.subarray(this.#used, this.#used + count));
    this.#used += count;
  }

  /** One more array that counts. */
  addRegion(counters: Uint8Array): void {
    this.#regions.push(regionOf(counters));
  }

  clear(): void {
    for (const { counters } of this.#regions) counters.fill(0);
  }

  /** Whether the run since `clear` did anything that no run before did: an edge, or an edge more often. */
  merge(): boolean {
    let isNew = false;
    for (const { counters, seen } of this.#regions) {
      for (let edge = 0; edge < counters.length; edge += 1) {
        const count = counters[edge] ?? 0;
        if (count === 0) continue;
        const before = seen[edge] ?? 0;
        const after = before | (BUCKETS[count] ?? 0);
        if (after === before) continue;
        seen[edge] = after;
        isNew = true;
      }
    }
    return isNew;
  }

  /** The edges of the run since `clear`, each with its bucket, as one number. */
  hits(): number[] {
    const found: number[] = [];
    for (const [region, { counters }] of this.#regions.entries()) {
      for (const [edge, count] of counters.entries())
        if (count > 0) found.push((region * EDGES_MAX + edge) * 256 + (BUCKETS[count] ?? 0));
    }
    return found;
  }

  /** Edges that were ever seen, and all that there are. */
  coverage(): { readonly seen: number; readonly all: number } {
    let [seen, all] = [0, 0];
    for (const region of this.#regions) {
      seen += region.seen.reduce((sum, buckets) => sum + (buckets === 0 ? 0 : 1), 0);
      all += region.seen.length;
    }
    return { seen, all };
  }
}

function regionOf(counters: Uint8Array) {
  return { counters, seen: new Uint8Array(counters.length) };
}

function bucketOf(count: number): number {
  if (count === 0) return 0;
  const limits = [1, 2, 3, 7, 15, 31, 127, 255];
  return 1 << limits.findIndex((limit) => count <= limit);
}
