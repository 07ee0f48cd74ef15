import { BitWriter } from './bit-writer.ts';
import { BlockPredictor, padPlain } from './block-predictor.ts';
import { writeDynamic, writeFixed, writeStored } from './block-writer.ts';
import { headerBits } from './code-header.ts';
import { type BlockFix, CorrectionReader } from './correction.ts';
import { DYNAMIC, lengthOf, STORED } from './deflate-block.ts';
import type { EncoderProfile } from './encoder-profile.ts';
import { TokenList } from './token-list.ts';

export interface Apart {
  /** Has `PLAIN_PADDING` bytes behind `size`, which are overwritten. */
  readonly plain: Uint8Array;
  readonly size: number;
  readonly profile: EncoderProfile;
  readonly correction: Uint8Array;
}

/**
 * The deflate stream that `takeApart` took apart, in chunks, one a block. An attacker may control all of it: memory is bounded
 * by the size of a block, and time by `workMax`.
 * @throws RangeError where the correction is damaged, or takes too long
 */
export function* putTogether({ plain, size, profile, correction }: Apart): Generator<Uint8Array> {
  padPlain(plain, size);
  const predictor = new BlockPredictor(plain, size, profile);
  const fixes = new CorrectionReader(correction);
  const block = { predictor, fixes, tokens: new TokenList(), size };
  const bits = new BitWriter();
  for (let isLast = false; !isLast; ) {
    const start = predictor.position;
    const fix = fixes.block();
    predictor.beginBlock();
    if (fix.type === STORED) passStored(block, fix);
    else collectTokens(block, fix);
    isLast = predictor.isAtEnd !== fix.lastDiffers;
    const text = plain.subarray(start, predictor.position);
    writeBlock(bits, block, { fix, text, isLast });
    if (isLast) bits.align();
    yield bits.take();
  }
  if (!predictor.isAtEnd) throw new RangeError('a stream ends before its text');
  fixes.finish();
}

interface Block {
  readonly predictor: BlockPredictor;
  readonly fixes: CorrectionReader;
  readonly tokens: TokenList;
  readonly size: number;
}

function passStored({ predictor, size }: Block, { count = 0 }: BlockFix): void {
  if (predictor.position + count > size) throw new RangeError('a stored block ends behind the text');
  predictor.passTo(predictor.position + count);
}

function collectTokens({ predictor, fixes, tokens, size }: Block, { count }: BlockFix): void {
  tokens.clear();
  while (count === undefined ? !predictor.endsBlock : tokens.count < count) {
    if (predictor.isAtEnd) throw new RangeError('a block ends behind the text');
    const token = fixes.token(predictor.predict());
    if (predictor.position + lengthOf(token) > size) throw new RangeError('a match ends behind the text');
    tokens.push(token);
    predictor.accept(token);
  }
}

function writeBlock(
  bits: BitWriter,
  { predictor, tokens }: Block,
  { fix, text, isLast }: { readonly fix: BlockFix; readonly text: Uint8Array; readonly isLast: boolean },
): void {
  const plan = fix.type === STORED ? undefined : predictor.plan();
  const type = fix.type ?? plan?.type;
  if (plan === undefined || type === STORED) writeStored(bits, text, isLast);
  else if (type === DYNAMIC)
    writeDynamic(bits, tokens.view, text, { header: fix.header ?? headerBits(plan.header), isLast });
  else writeFixed(bits, tokens.view, text, isLast);
}
