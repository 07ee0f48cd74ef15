import { VarintReader, VarintWriter } from '../varint.ts';
import { MATCH_MAX, MATCH_MIN } from './alphabet.ts';
import {
  BLOCK_TOKENS_MAX,
  type BlockType,
  DYNAMIC,
  distanceOf,
  type HeaderBits,
  LITERAL,
  lengthOf,
  matchToken,
  STORED,
  STORED_MAX,
} from './deflate-block.ts';
import { WINDOW } from './match-chains.ts';

/** What a block has that was not predicted; undefined where it was. */
export interface BlockFix {
  /** Tokens, or plain bytes in a stored block. */
  readonly count: number | undefined;
  readonly type: BlockType | undefined;
  readonly header: HeaderBits | undefined;
  /** Whether it is the last block where another was expected to be, or the other way round. */
  readonly lastDiffers: boolean;
}

const HAS_COUNT = 1;
const HAS_TYPE = 2;
const HAS_HEADER = 4;
const LAST_DIFFERS = 8;
const FLAGS = 15;
/** Kinds of tokens: 0 is a literal, then two for each length. */
const KIND_MAX = 2 * (MATCH_MAX - MATCH_MIN + 1);
const HEADER_BITS_MAX = 1 << 12;
const COUNT_MAX = 2 ** 32;

/** Collects where a stream is not as predicted. In the order of the stream. */
export class CorrectionWriter {
  readonly #tokenGaps = new VarintWriter();
  readonly #tokenKinds = new VarintWriter();
  readonly #distances = new VarintWriter();
  readonly #blocks = new VarintWriter();
  #rightTokens = 0;
  #rightBlocks = 0;
  #isEmpty = true;

  addToken(token: number, predicted: number): void {
    if (token === predicted) {
      this.addRightTokens(1);
      return;
    }
    this.#tokenGaps.write(this.#rightTokens);
    this.#rightTokens = 0;
    this.#isEmpty = false;
    if (token === LITERAL) {
      this.#tokenKinds.write(0);
      return;
    }
    const isNear = distanceOf(token) === distanceOf(predicted);
    this.#tokenKinds.write(1 + 2 * (lengthOf(token) - MATCH_MIN) + (isNear ? 0 : 1));
    if (!isNear) this.#distances.write(distanceOf(token) - 1);
  }

  addRightTokens(count: number): void {
    this.#rightTokens += count;
  }

  addBlock({ count, type, header, lastDiffers }: BlockFix): void {
    const flags =
      (count === undefined ? 0 : HAS_COUNT) |
      (type === undefined ? 0 : HAS_TYPE) |
      (header === undefined ? 0 : HAS_HEADER) |
      (lastDiffers ? LAST_DIFFERS : 0);
    if (flags === 0) {
      this.#rightBlocks += 1;
      return;
    }
    const blocks = this.#blocks;
    blocks.write(this.#rightBlocks);
    blocks.write(flags);
    if (type !== undefined) blocks.write(type);
    if (count !== undefined) blocks.write(count);
    if (header !== undefined) {
      blocks.write(header.count);
      blocks.writeBytes(header.bytes);
    }
    this.#rightBlocks = 0;
    this.#isEmpty = false;
  }

  /** The correction; no bytes where all was as predicted. */
  take(): Uint8Array {
    const all = new VarintWriter();
    if (this.#isEmpty) return all.take();
    all.writeSection(this.#tokenGaps.take());
    all.writeSection(this.#tokenKinds.take());
    all.writeSection(this.#distances.take());
    all.writeBytes(this.#blocks.take());
    return all.take();
  }
}

const NO_FIX: BlockFix = { count: undefined, type: undefined, header: undefined, lastDiffers: false };

/** Reads a correction along with the stream. Every byte may be an attacker's; all methods throw RangeError on damage. */
export class CorrectionReader {
  readonly #tokenGaps: VarintReader;
  readonly #tokenKinds: VarintReader;
  readonly #distances: VarintReader;
  readonly #blocks: VarintReader;
  /** As many tokens and blocks are as predicted, up to the next one that is not. */
  #rightTokens: number;
  #rightBlocks: number;

  constructor(bytes: Uint8Array) {
    const all = new VarintReader(bytes);
    const isEmpty = all.isAtEnd;
    this.#tokenGaps = isEmpty ? all : new VarintReader(all.readSection());
    this.#tokenKinds = isEmpty ? all : new VarintReader(all.readSection());
    this.#distances = isEmpty ? all : new VarintReader(all.readSection());
    this.#blocks = isEmpty ? all : new VarintReader(all.readRest());
    this.#rightTokens = readGap(this.#tokenGaps);
    this.#rightBlocks = readGap(this.#blocks);
  }

  /** The token that came where `predicted` was expected. It need not fit into the text. */
  token(predicted: number): number {
    if (this.#rightTokens > 0) {
      this.#rightTokens -= 1;
      return predicted;
    }
    this.#rightTokens = readGap(this.#tokenGaps);
    const kind = this.#tokenKinds.read(KIND_MAX);
    if (kind === 0) return LITERAL;
    const isNear = (kind & 1) === 1;
    const distance = isNear ? distanceOf(predicted) : this.#distances.read(WINDOW - 1) + 1;
    if (distance === 0) throw new RangeError('a match has the distance of a literal');
    return matchToken(((kind - 1) >> 1) + MATCH_MIN, distance);
  }

  /** What the next block has. */
  block(): BlockFix {
    if (this.#rightBlocks > 0) {
      this.#rightBlocks -= 1;
      return NO_FIX;
    }
    const blocks = this.#blocks;
    const flags = blocks.read(FLAGS);
    const type = flags & HAS_TYPE ? (blocks.read(DYNAMIC) as BlockType) : undefined;
    const count =
      flags & HAS_COUNT ? blocks.read(type === STORED ? STORED_MAX : BLOCK_TOKENS_MAX) : undefined;
    const header = flags & HAS_HEADER ? readHeaderBits(blocks) : undefined;
    this.#rightBlocks = readGap(blocks);
    return { count, type, header, lastDiffers: (flags & LAST_DIFFERS) !== 0 };
  }

  /** Checks that all has been used. */
  finish(): void {
    if (this.#rightTokens !== Number.POSITIVE_INFINITY || this.#rightBlocks !== Number.POSITIVE_INFINITY)
      throw new RangeError('a correction is for more than there is');
    if (!this.#tokenKinds.isAtEnd || !this.#distances.isAtEnd)
      throw new RangeError('a correction has more than it uses');
  }
}

function readGap(gaps: VarintReader): number {
  return gaps.isAtEnd ? Number.POSITIVE_INFINITY : gaps.read(COUNT_MAX);
}

function readHeaderBits(blocks: VarintReader): HeaderBits {
  const count = blocks.read(HEADER_BITS_MAX);
  return { count, bytes: blocks.readBytes((count + 7) >> 3) };
}
