/** What a plan needs of one file system before anything old can go. */
export interface SpaceNeed {
  readonly bytes: number;
  readonly nodes: number;
}

/** Sums by file system, in whole blocks. */
export class SpaceNeeds {
  readonly #sums = new Map<number, { blocks: number; small: number; nodes: number }>();
  readonly #blockSizeOf: (device: number) => number;

  constructor(blockSizeOf: (device: number) => number) {
    this.#blockSizeOf = blockSizeOf;
  }

  /** `files` files of `bytes` bytes in all, each with blocks of its own; with 0 files, blocks without an inode. */
  addFiles(device: number, bytes: number, files: number): void {
    const sum = this.#sumOf(device);
    if (bytes > 0) sum.blocks += Math.ceil(bytes / this.#blockSizeOf(device)) + Math.max(files - 1, 0);
    sum.nodes += files;
  }

  /** Bytes that share blocks with others. */
  addBytes(device: number, bytes: number): void {
    this.#sumOf(device).small += bytes;
  }

  get byDevice(): Map<number, SpaceNeed> {
    return new Map(
      [...this.#sums].map(([device, { blocks, small, nodes }]) => {
        const blockSize = this.#blockSizeOf(device);
        return [device, { bytes: (blocks + Math.ceil(small / blockSize)) * blockSize, nodes }];
      }),
    );
  }

  #sumOf(device: number): { blocks: number; small: number; nodes: number } {
    const sum = this.#sums.get(device) ?? { blocks: 0, small: 0, nodes: 0 };
    this.#sums.set(device, sum);
    return sum;
  }
}
