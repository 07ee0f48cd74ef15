import {
  DISTANCE_EXTRA,
  DISTANCE_SYMBOLS,
  distanceSymbol,
  END_OF_BLOCK,
  LENGTH_EXTRA,
  LITERAL_SYMBOLS,
  lengthIndex,
} from './alphabet.ts';

/** How often each symbol occurs in a block. */
export class BlockStatistics {
  readonly literals = new Uint32Array(LITERAL_SYMBOLS);
  readonly distances = new Uint32Array(DISTANCE_SYMBOLS);
  /** Literals and matches, and matches alone. */
  tokens = 0;
  matches = 0;

  clear(): void {
    this.literals.fill(0);
    this.distances.fill(0);
    this.literals[END_OF_BLOCK] = 1;
    this.tokens = 0;
    this.matches = 0;
  }

  addLiteral(byte: number): void {
    this.literals[byte] = (this.literals[byte] ?? 0) + 1;
    this.tokens += 1;
  }

  addMatch(length: number, distance: number): void {
    const literal = END_OF_BLOCK + 1 + lengthIndex(length);
    const symbol = distanceSymbol(distance);
    this.literals[literal] = (this.literals[literal] ?? 0) + 1;
    this.distances[symbol] = (this.distances[symbol] ?? 0) + 1;
    this.tokens += 1;
    this.matches += 1;
  }

  /** Bits of the block's content in codes of these lengths, the extra bits with them. */
  bits(literals: Uint8Array, distances: Uint8Array): number {
    let bits = 0;
    for (let symbol = 0; symbol < LITERAL_SYMBOLS; symbol += 1) {
      const count = this.literals[symbol] ?? 0;
      if (count > 0)
        bits += count * ((literals[symbol] ?? 0) + (LENGTH_EXTRA[symbol - END_OF_BLOCK - 1] ?? 0));
    }
    return bits + this.distanceBits((symbol) => distances[symbol] ?? 0);
  }

  /** Bits of all distances, with `lengthOf` bits for each symbol's code. */
  distanceBits(lengthOf: (symbol: number) => number): number {
    let bits = 0;
    for (let symbol = 0; symbol < DISTANCE_SYMBOLS; symbol += 1) {
      const count = this.distances[symbol] ?? 0;
      if (count > 0) bits += count * (lengthOf(symbol) + (DISTANCE_EXTRA[symbol] ?? 0));
    }
    return bits;
  }
}
