/** Two nodes at least, as every encoder of this family makes them: a lone symbol gets a code of one bit, and a companion. */
const NODES_MIN = 2;

/**
 * The code lengths that gzip and zlib give to symbols that occur `frequencies` times, none above `bitsMax`. Huffman's
 * algorithm says which sums are possible; which symbol gets which length where several are as good follows from the heap,
 * the depth as second key, and from how overlong codes are shortened, so all three are done as these encoders do them.
 */
export function codeLengths(frequencies: ArrayLike<number>, bitsMax: number): Uint8Array {
  const tree = new HuffmanTree(frequencies);
  tree.build();
  return tree.lengths(bitsMax);
}

class HuffmanTree {
  readonly #leaves: number;
  readonly #frequencies: Uint32Array;
  readonly #depths: Uint16Array;
  readonly #parents: Uint16Array;
  /** From 1 on; the least frequent node first. */
  readonly #heap: Uint16Array;
  #heapSize = 0;
  /** Nodes in the order in which they left the heap. */
  readonly #order: number[] = [];

  constructor(frequencies: ArrayLike<number>) {
    this.#leaves = frequencies.length;
    const nodes = 2 * this.#leaves + 1;
    this.#frequencies = new Uint32Array(nodes);
    this.#frequencies.set(frequencies);
    this.#depths = new Uint16Array(nodes);
    this.#parents = new Uint16Array(nodes);
    this.#heap = new Uint16Array(nodes);
  }

  build(): void {
    this.#fillHeap();
    for (let node = this.#heapSize >> 1; node >= 1; node -= 1) this.#siftDown(node);
    let node = this.#leaves;
    do {
      const least = this.#removeLeast();
      const second = this.#heap[1] ?? 0;
      this.#order.push(least, second);
      this.#frequencies[node] = (this.#frequencies[least] ?? 0) + (this.#frequencies[second] ?? 0);
      this.#depths[node] = Math.max(this.#depths[least] ?? 0, this.#depths[second] ?? 0) + 1;
      this.#parents[least] = node;
      this.#parents[second] = node;
      this.#heap[1] = node;
      node += 1;
      this.#siftDown(1);
    } while (this.#heapSize >= NODES_MIN);
    this.#order.push(this.#heap[1] ?? 0);
  }

  lengths(bitsMax: number): Uint8Array {
    const bits = new Uint8Array(this.#frequencies.length);
    const counts = new Uint16Array(bitsMax + 1);
    let overflow = 0;
    for (const node of this.#order.toReversed().slice(1)) {
      let length = (bits[this.#parents[node] ?? 0] ?? 0) + 1;
      if (length > bitsMax) {
        length = bitsMax;
        overflow += 1;
      }
      bits[node] = length;
      if (node < this.#leaves) counts[length] = (counts[length] ?? 0) + 1;
    }
    if (overflow > 0) {
      shorten(counts, bitsMax, overflow);
      this.#assign(bits, counts, bitsMax);
    }
    return bits.slice(0, this.#leaves);
  }

  #fillHeap(): void {
    let last = -1;
    for (let symbol = 0; symbol < this.#leaves; symbol += 1)
      if (this.#frequencies[symbol] !== 0) {
        last = symbol;
        this.#push(symbol);
      }
    while (this.#heapSize < NODES_MIN) {
      const symbol = last < 2 ? last + 1 : 0;
      if (last < 2) last = symbol;
      this.#frequencies[symbol] = 1;
      this.#push(symbol);
    }
  }

  #push(node: number): void {
    this.#heapSize += 1;
    this.#heap[this.#heapSize] = node;
  }

  #removeLeast(): number {
    const least = this.#heap[1] ?? 0;
    this.#heap[1] = this.#heap[this.#heapSize] ?? 0;
    this.#heapSize -= 1;
    this.#siftDown(1);
    return least;
  }

  #siftDown(from: number): void {
    const heap = this.#heap;
    const moved = heap[from] ?? 0;
    let at = from;
    for (let son = at * 2; son <= this.#heapSize; son = at * 2) {
      if (son < this.#heapSize && this.#isSmaller(heap[son + 1] ?? 0, heap[son] ?? 0)) son += 1;
      if (this.#isSmaller(moved, heap[son] ?? 0)) break;
      heap[at] = heap[son] ?? 0;
      at = son;
    }
    heap[at] = moved;
  }

  #isSmaller(a: number, b: number): boolean {
    const difference = (this.#frequencies[a] ?? 0) - (this.#frequencies[b] ?? 0);
    return difference < 0 || (difference === 0 && (this.#depths[a] ?? 0) <= (this.#depths[b] ?? 0));
  }

  /** The longest codes to the least frequent symbols. */
  #assign(bits: Uint8Array, counts: Uint16Array, bitsMax: number): void {
    const leaves = this.#order.filter((node) => node < this.#leaves).values();
    for (let length = bitsMax; length > 0; length -= 1)
      for (let left = counts[length] ?? 0; left > 0; left -= 1) bits[leaves.next().value ?? 0] = length;
  }
}

/** Moves `overflow` codes that were cut to `bitsMax` bits to where there is room for them. */
function shorten(counts: Uint16Array, bitsMax: number, overflow: number): void {
  for (let left = overflow; left > 0; left -= 2) {
    let length = bitsMax - 1;
    while (length > 0 && counts[length] === 0) length -= 1;
    counts[length] = (counts[length] ?? 0) - 1;
    counts[length + 1] = (counts[length + 1] ?? 0) + 2;
    counts[bitsMax] = (counts[bitsMax] ?? 0) - 1;
  }
}
