import {
  DISTANCE_BASE,
  DISTANCE_EXTRA,
  distanceSymbol,
  END_OF_BLOCK,
  LENGTH_BASE,
  LENGTH_EXTRA,
  lengthIndex,
} from './alphabet.ts';
import { BitReader } from './bit-reader.ts';
import type { BitWriter } from './bit-writer.ts';
import { FIXED_CODES } from './block-plan.ts';
import { type BlockCodes, readHeader } from './code-header.ts';
import { DYNAMIC, distanceOf, FIXED, type HeaderBits, LITERAL, lengthOf, STORED } from './deflate-block.ts';
import { prefixCodes } from './prefix-code.ts';

export function writeStored(bits: BitWriter, plain: Uint8Array, isLast: boolean): void {
  writeStart(bits, STORED, isLast);
  bits.align();
  bits.write(plain.length, 16);
  bits.write(plain.length ^ 0xffff, 16);
  bits.align();
  bits.writeBytes(plain);
}

export function writeFixed(bits: BitWriter, tokens: Uint32Array, plain: Uint8Array, isLast: boolean): void {
  writeStart(bits, FIXED, isLast);
  writeTokens(bits, tokens, plain, FIXED_WORDS);
}

/**
 * @throws RangeError where the header is none, or has no code for a token
 */
export function writeDynamic(
  bits: BitWriter,
  tokens: Uint32Array,
  plain: Uint8Array,
  { header, isLast }: { readonly header: HeaderBits; readonly isLast: boolean },
): void {
  const reader = new BitReader(header.bytes);
  const codes = readHeader(reader);
  if (reader.position !== header.count) throw new RangeError('a block header has another length');
  writeStart(bits, DYNAMIC, isLast);
  for (const [at, byte] of header.bytes.entries()) {
    const count = Math.min(8, header.count - 8 * at);
    bits.write(byte & ((1 << count) - 1), count);
  }
  writeTokens(bits, tokens, plain, wordsOf(codes));
}

function writeStart(bits: BitWriter, type: number, isLast: boolean): void {
  bits.write((isLast ? 1 : 0) | (type << 1), 3);
}

/** The codes of a block, and their bits as they are written. */
interface CodeWords {
  readonly codes: BlockCodes;
  readonly literals: Uint16Array;
  readonly distances: Uint16Array;
}

function wordsOf(codes: BlockCodes): CodeWords {
  return { codes, literals: prefixCodes(codes.literals), distances: prefixCodes(codes.distances) };
}

const FIXED_WORDS = wordsOf(FIXED_CODES);

function writeTokens(bits: BitWriter, tokens: Uint32Array, plain: Uint8Array, words: CodeWords): void {
  const { codes } = words;
  const writeCode = (symbol: number): void => {
    const length = codes.literals[symbol] ?? 0;
    if (length === 0) throw new RangeError('a block has no code for a literal or a length');
    bits.write(words.literals[symbol] ?? 0, length);
  };
  let at = 0;
  for (const token of tokens) {
    if (token === LITERAL) {
      writeCode(plain[at] ?? 0);
      at += 1;
      continue;
    }
    const length = lengthOf(token);
    const index = lengthIndex(length);
    writeCode(END_OF_BLOCK + 1 + index);
    bits.write(length - (LENGTH_BASE[index] ?? 0), LENGTH_EXTRA[index] ?? 0);
    const distance = distanceOf(token);
    const symbol = distanceSymbol(distance);
    if ((codes.distances[symbol] ?? 0) === 0) throw new RangeError('a block has no code for a distance');
    bits.write(words.distances[symbol] ?? 0, codes.distances[symbol] ?? 0);
    bits.write(distance - (DISTANCE_BASE[symbol] ?? 0), DISTANCE_EXTRA[symbol] ?? 0);
    at += length;
  }
  writeCode(END_OF_BLOCK);
}
