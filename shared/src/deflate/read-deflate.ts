import {
  DISTANCE_BASE,
  DISTANCE_EXTRA,
  DISTANCE_SYMBOLS,
  END_OF_BLOCK,
  LENGTH_BASE,
  LENGTH_EXTRA,
  LITERAL_SYMBOLS,
  MATCH_MAX,
} from './alphabet.ts';
import { BitReader } from './bit-reader.ts';
import { FIXED_CODES } from './block-plan.ts';
import { type BlockCodes, readHeader } from './code-header.ts';
import {
  type BlockType,
  type DeflateBlock,
  type DeflateStream,
  DYNAMIC,
  type HeaderBits,
  LITERAL,
  matchToken,
  PLAIN_PADDING,
  STORED,
} from './deflate-block.ts';
import { PrefixDecoder } from './prefix-code.ts';
import { TokenList } from './token-list.ts';
import { blocksMax } from './work-max.ts';

/**
 * The blocks and tokens of the deflate stream that starts at `start`, or undefined where there is none, or one that could not
 * be written again from them: with bits set where they mean nothing, with a length in its longer form, with more than
 * `sizeMax` plain bytes, with more blocks than a reader would write, or with a block of too many tokens.
 */
export function readDeflate(bytes: Uint8Array, start: number, sizeMax: number): DeflateStream | undefined {
  try {
    return new StreamReader(bytes, start, sizeMax).read();
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

const NO_TOKENS = new Uint32Array(0);

interface Decoders {
  readonly literals: PrefixDecoder;
  readonly distances: PrefixDecoder;
}

const FIXED_DECODERS = decodersOf(FIXED_CODES);

function decodersOf({ literals, distances }: BlockCodes): Decoders {
  return { literals: new PrefixDecoder(literals), distances: new PrefixDecoder(distances) };
}

class StreamReader {
  readonly #bytes: Uint8Array;
  readonly #bits: BitReader;
  readonly #start: number;
  readonly #sizeMax: number;
  /** Of the block at hand: a hostile stream may have 800,000 blocks a MiB, so none gets tables of its own without need. */
  readonly #tokens = new TokenList();
  #plain = new Uint8Array(1 << 16);
  #size = 0;

  constructor(bytes: Uint8Array, start: number, sizeMax: number) {
    this.#bytes = bytes;
    this.#bits = new BitReader(bytes, start);
    this.#start = start;
    this.#sizeMax = sizeMax;
  }

  read(): DeflateStream {
    const blocks: DeflateBlock[] = [];
    for (let isLast = false; !isLast; ) {
      const block = this.#readBlock();
      blocks.push(block);
      if (blocks.length > blocksMax(this.#sizeMax)) throw new RangeError('there are too many blocks');
      isLast = block.isLast;
    }
    if (this.#bits.align() !== 0) throw new RangeError('the last byte is not filled with zeros');
    this.#reserve(PLAIN_PADDING);
    const length = this.#bits.position / 8 - this.#start;
    return { plain: this.#plain, size: this.#size, blocks, length };
  }

  #readBlock(): DeflateBlock {
    const isLast = this.#bits.read(1) === 1;
    const type = this.#bits.read(2);
    const before = this.#size;
    if (type === STORED) {
      this.#readStored();
      return { isLast, type, size: this.#size - before, tokens: NO_TOKENS, header: undefined };
    }
    if (type > DYNAMIC) throw new RangeError('a block has the type that is not used');
    const { decoders, header } =
      type === DYNAMIC ? this.#readCodes() : { decoders: FIXED_DECODERS, header: undefined };
    const tokens = this.#readTokens(decoders);
    return { isLast, type: type as BlockType, size: this.#size - before, tokens, header };
  }

  #readStored(): void {
    if (this.#bits.align() !== 0) throw new RangeError('bits before a stored block are set');
    const length = this.#bits.read(16);
    if (this.#bits.read(16) !== (length ^ 0xffff)) throw new RangeError('a stored block has another length');
    this.#reserve(length);
    this.#plain.set(this.#bits.readBytes(length), this.#size);
    this.#size += length;
  }

  #readCodes(): { decoders: Decoders; header: HeaderBits } {
    const start = this.#bits.position;
    const decoders = decodersOf(readHeader(this.#bits));
    return { decoders, header: copyBits(this.#bytes, start, this.#bits.position) };
  }

  #readTokens({ literals, distances }: Decoders): Uint32Array {
    const bits = this.#bits;
    const tokens = this.#tokens;
    tokens.clear();
    for (;;) {
      const symbol = literals.read(bits);
      if (symbol < END_OF_BLOCK) {
        this.#reserve(1);
        this.#plain[this.#size] = symbol;
        this.#size += 1;
        tokens.push(LITERAL);
      } else if (symbol === END_OF_BLOCK) {
        bits.check();
        return tokens.count === 0 ? NO_TOKENS : tokens.view.slice();
      } else {
        const length = this.#readLength(symbol);
        const distance = this.#readDistance(distances);
        this.#copy(length, distance);
        tokens.push(matchToken(length, distance));
      }
    }
  }

  #readLength(symbol: number): number {
    if (symbol >= LITERAL_SYMBOLS) throw new RangeError('a length symbol is not used');
    const index = symbol - END_OF_BLOCK - 1;
    const extra = LENGTH_EXTRA[index] ?? 0;
    const length = (LENGTH_BASE[index] ?? 0) + this.#bits.read(extra);
    if (length === MATCH_MAX && extra > 0) throw new RangeError('a length is in its longer form');
    return length;
  }

  #readDistance(decoder: PrefixDecoder): number {
    const symbol = decoder.read(this.#bits);
    if (symbol >= DISTANCE_SYMBOLS) throw new RangeError('a distance symbol is not used');
    return (DISTANCE_BASE[symbol] ?? 0) + this.#bits.read(DISTANCE_EXTRA[symbol] ?? 0);
  }

  #copy(length: number, distance: number): void {
    if (distance > this.#size) throw new RangeError('a match starts before the text');
    this.#reserve(length);
    const plain = this.#plain;
    for (let at = this.#size; at < this.#size + length; at += 1) plain[at] = plain[at - distance] ?? 0;
    this.#size += length;
  }

  #reserve(more: number): void {
    const size = this.#size + more;
    if (size > this.#sizeMax + PLAIN_PADDING) throw new RangeError('the plain text is too large');
    if (size <= this.#plain.length) return;
    const plain = new Uint8Array(2 * size);
    plain.set(this.#plain.subarray(0, this.#size));
    this.#plain = plain;
  }
}

/** The bits from `start` to `end` of `bytes`, moved to the start of a byte. */
function copyBits(bytes: Uint8Array, start: number, end: number): HeaderBits {
  const count = end - start;
  const copy = new Uint8Array((count + 7) >> 3);
  const shift = start & 7;
  for (let at = 0; at < copy.length; at += 1) {
    const from = (start >> 3) + at;
    copy[at] = ((bytes[from] ?? 0) | ((bytes[from + 1] ?? 0) << 8)) >> shift;
  }
  if ((count & 7) !== 0) copy[copy.length - 1] = (copy.at(-1) ?? 0) & ((1 << (count & 7)) - 1);
  return { bytes: copy, count };
}
