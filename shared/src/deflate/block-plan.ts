import { CODE_BITS_MAX, FIXED_DISTANCE_LENGTHS, FIXED_LITERAL_LENGTHS } from './alphabet.ts';
import type { BlockStatistics } from './block-statistics.ts';
import { type BlockCodes, type CodeHeader, planHeader } from './code-header.ts';
import { codeLengths } from './code-lengths.ts';
import { type BlockType, DYNAMIC, FIXED, STORED, STORED_MAX } from './deflate-block.ts';

export const FIXED_CODES: BlockCodes = {
  literals: FIXED_LITERAL_LENGTHS,
  distances: FIXED_DISTANCE_LENGTHS,
};

export interface BlockPlan {
  readonly type: BlockType;
  /** What a dynamic block has, whichever type is chosen. */
  readonly codes: BlockCodes;
  readonly header: CodeHeader;
}

/** Bits before the content, and bytes of the two lengths of a stored block. */
const TYPE_BITS = 3;
const STORED_LENGTHS = 4;

/**
 * How gzip and zlib write a block: the smallest type by whole bytes, stored first, then fixed.
 * @param storedSize - plain bytes of the block, or infinity where the encoder has them no more
 */
export function planBlock(statistics: BlockStatistics, storedSize: number): BlockPlan {
  const codes = {
    literals: codeLengths(statistics.literals, CODE_BITS_MAX),
    distances: codeLengths(statistics.distances, CODE_BITS_MAX),
  };
  const header = planHeader(codes);
  const fixed = bytesFor(statistics.bits(FIXED_LITERAL_LENGTHS, FIXED_DISTANCE_LENGTHS));
  const dynamic = bytesFor(statistics.bits(codes.literals, codes.distances) + header.bits);
  const smaller = Math.min(fixed, dynamic);
  if (storedSize <= STORED_MAX && storedSize + STORED_LENGTHS <= smaller)
    return { type: STORED, codes, header };
  return { type: fixed <= dynamic ? FIXED : DYNAMIC, codes, header };
}

function bytesFor(bits: number): number {
  return (bits + TYPE_BITS + 7) >> 3;
}
