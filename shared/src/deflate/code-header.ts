import {
  CODE_BITS_MAX,
  DISTANCE_SYMBOLS,
  LENGTH_CODE_BITS_MAX,
  LENGTH_CODE_ORDER,
  LITERAL_SYMBOLS,
} from './alphabet.ts';
import type { BitReader } from './bit-reader.ts';
import { BitWriter } from './bit-writer.ts';
import { codeLengths } from './code-lengths.ts';
import type { HeaderBits } from './deflate-block.ts';
import { checkLengths, PrefixDecoder, prefixCodes } from './prefix-code.ts';

/** The two codes of a block: bits of each symbol's code, 0 where it has none. */
export interface BlockCodes {
  readonly literals: Uint8Array;
  readonly distances: Uint8Array;
}

/** How a block header says the codes. RFC 1951, section 3.2.7. */
export interface CodeHeader {
  readonly literalCount: number;
  readonly distanceCount: number;
  /** Bits of the code for code lengths, and how many of them are written, in the order of the format. */
  readonly lengths: Uint8Array;
  readonly lengthCount: number;
  /** `symbol | extra << 8`, for both codes. */
  readonly symbols: readonly number[];
  /** Bits of all this. */
  readonly bits: number;
}

const REPEAT = 16;
const ZEROS = 17;
const MANY_ZEROS = 18;
const EXTRA_BITS: Readonly<Record<number, number>> = { [REPEAT]: 2, [ZEROS]: 3, [MANY_ZEROS]: 7 };
const LENGTH_SYMBOLS = LENGTH_CODE_ORDER.length;

/** The header that gzip and zlib write for `codes`. */
export function planHeader(codes: BlockCodes): CodeHeader {
  const literals = trim(codes.literals);
  const distances = trim(codes.distances);
  const symbols = [...runSymbols(literals), ...runSymbols(distances)];
  const frequencies = new Uint32Array(LENGTH_SYMBOLS);
  for (const symbol of symbols) frequencies[symbol & 255] = (frequencies[symbol & 255] ?? 0) + 1;
  const lengths = codeLengths(frequencies, LENGTH_CODE_BITS_MAX);
  let lengthCount = LENGTH_SYMBOLS;
  while (lengthCount > 4 && lengths[LENGTH_CODE_ORDER[lengthCount - 1] ?? 0] === 0) lengthCount -= 1;
  const symbolBits = symbols.reduce(
    (sum, symbol) => sum + (lengths[symbol & 255] ?? 0) + (EXTRA_BITS[symbol & 255] ?? 0),
    0,
  );
  return {
    literalCount: literals.length,
    distanceCount: distances.length,
    lengths,
    lengthCount,
    symbols,
    bits: 5 + 5 + 4 + 3 * lengthCount + symbolBits,
  };
}

/** A header as it is written. */
export function headerBits(header: CodeHeader): HeaderBits {
  const bits = new BitWriter();
  bits.write(header.literalCount - 257, 5);
  bits.write(header.distanceCount - 1, 5);
  bits.write(header.lengthCount - 4, 4);
  for (const symbol of LENGTH_CODE_ORDER.slice(0, header.lengthCount))
    bits.write(header.lengths[symbol] ?? 0, 3);
  const codes = prefixCodes(header.lengths);
  for (const entry of header.symbols) {
    const symbol = entry & 255;
    bits.write(codes[symbol] ?? 0, header.lengths[symbol] ?? 0);
    bits.write(entry >> 8, EXTRA_BITS[symbol] ?? 0);
  }
  bits.align();
  return { bytes: bits.take(), count: header.bits };
}

/**
 * The codes that a header says, of any encoder.
 * @throws RangeError where it is none, or says codes that can't be used
 */
export function readHeader(bits: BitReader): BlockCodes {
  const literalCount = bits.read(5) + 257;
  const distanceCount = bits.read(5) + 1;
  const lengthCount = bits.read(4) + 4;
  if (literalCount > LITERAL_SYMBOLS || distanceCount > DISTANCE_SYMBOLS)
    throw new RangeError('a block header has too many symbols');
  const lengths = new Uint8Array(LENGTH_SYMBOLS);
  for (const symbol of LENGTH_CODE_ORDER.slice(0, lengthCount)) lengths[symbol] = bits.read(3);
  if (!checkLengths(lengths).valid) throw new RangeError('the code of a block header collides');
  const all = readLengths(bits, new PrefixDecoder(lengths), literalCount + distanceCount);
  const codes = { literals: all.slice(0, literalCount), distances: all.slice(literalCount) };
  if (!checkLengths(codes.literals).valid || !checkLengths(codes.distances).valid)
    throw new RangeError('a code of a block collides');
  return codes;
}

function readLengths(bits: BitReader, decoder: PrefixDecoder, count: number): Uint8Array {
  const lengths = new Uint8Array(count);
  for (let at = 0; at < count; ) {
    const symbol = decoder.read(bits);
    const run = symbol <= CODE_BITS_MAX ? 1 : readRun(bits, symbol);
    if (at + run > count || (symbol === REPEAT && at === 0))
      throw new RangeError('a run of code lengths has no place');
    lengths.fill(
      symbol <= CODE_BITS_MAX ? symbol : symbol === REPEAT ? (lengths[at - 1] ?? 0) : 0,
      at,
      at + run,
    );
    at += run;
  }
  bits.check();
  return lengths;
}

function readRun(bits: BitReader, symbol: number): number {
  return bits.read(EXTRA_BITS[symbol] ?? 0) + (symbol === MANY_ZEROS ? 11 : 3);
}

/** Without the zeros at the end. */
function trim(lengths: Uint8Array): Uint8Array {
  return lengths.subarray(0, lengths.findLastIndex((length) => length > 0) + 1);
}

/** The code lengths as symbols of the header, in runs as gzip and zlib cut them. */
function runSymbols(lengths: Uint8Array): number[] {
  const symbols: number[] = [];
  for (let at = 0; at < lengths.length; ) {
    const length = lengths[at] ?? 0;
    let run = 1;
    while (lengths[at + run] === length) run += 1;
    at += run;
    if (length === 0) symbols.push(...zeroRun(run));
    else symbols.push(length, ...repeatRun(length, run - 1));
  }
  return symbols;
}

function zeroRun(run: number): number[] {
  const symbols: number[] = [];
  let left = run;
  for (; left >= 11; left -= Math.min(left, 138))
    symbols.push(MANY_ZEROS | ((Math.min(left, 138) - 11) << 8));
  if (left >= 3) symbols.push(ZEROS | ((left - 3) << 8));
  else for (; left > 0; left -= 1) symbols.push(0);
  return symbols;
}

function repeatRun(length: number, run: number): number[] {
  const symbols: number[] = [];
  let left = run;
  for (; left >= 3; left -= Math.min(left, 6)) symbols.push(REPEAT | ((Math.min(left, 6) - 3) << 8));
  for (; left > 0; left -= 1) symbols.push(length);
  return symbols;
}
