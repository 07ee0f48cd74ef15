import { BlockPredictor, padPlain } from './block-predictor.ts';
import { headerBits } from './code-header.ts';
import { CorrectionWriter } from './correction.ts';
import { type DeflateBlock, type DeflateStream, type HeaderBits, lengthOf, STORED } from './deflate-block.ts';
import type { EncoderProfile } from './encoder-profile.ts';

export interface TakenApart {
  /** With the plain text and the profile all that the stream is; empty where the profile says it all. */
  readonly correction: Uint8Array;
  /** As `workMax` counts it. */
  readonly work: number;
}

/**
 * In what a stream differs from what an encoder of `profile` makes of its plain text.
 * @throws RangeError where that takes more than `workMax`
 */
export function takeApart({ plain, size, blocks }: DeflateStream, profile: EncoderProfile): TakenApart {
  padPlain(plain, size);
  const predictor = new BlockPredictor(plain, size, profile);
  const correction = new CorrectionWriter();
  for (const block of blocks) {
    predictor.beginBlock();
    if (block.type === STORED) followStored(block, predictor, correction);
    else followTokens(block, predictor, correction);
  }
  return { correction: correction.take(), work: predictor.work };
}

function followTokens(block: DeflateBlock, predictor: BlockPredictor, correction: CorrectionWriter): void {
  let isCountRight = true;
  for (const token of block.tokens) {
    if (predictor.endsBlock) isCountRight = false;
    correction.addToken(token, predictor.predict());
    predictor.accept(token);
  }
  if (!predictor.endsBlock) isCountRight = false;
  const plan = predictor.plan();
  const isHeaderRight = block.header === undefined || areSameBits(block.header, headerBits(plan.header));
  correction.addBlock({
    count: isCountRight ? undefined : block.tokens.length,
    type: plan.type === block.type ? undefined : block.type,
    header: isHeaderRight ? undefined : block.header,
    lastDiffers: block.isLast !== predictor.isAtEnd,
  });
}

/** The tokens of a stored block don't show, but where the encoder chose it for them, they are the predicted ones. */
function followStored(block: DeflateBlock, predictor: BlockPredictor, correction: CorrectionWriter): void {
  const end = predictor.position + block.size;
  const tokens = predictStored(end, predictor);
  if (tokens === undefined) predictor.passTo(end);
  else correction.addRightTokens(tokens);
  correction.addBlock({
    count: tokens === undefined ? block.size : undefined,
    type: tokens === undefined ? STORED : undefined,
    header: undefined,
    lastDiffers: block.isLast !== predictor.isAtEnd,
  });
}

/** The tokens of a stored block that ends at `end`, or undefined where another block is predicted. Goes to the end at most. */
function predictStored(end: number, predictor: BlockPredictor): number | undefined {
  if (predictor.position === end) return undefined;
  let tokens = 0;
  for (; !predictor.endsBlock; tokens += 1) {
    const token = predictor.predict();
    if (predictor.position + Math.max(1, lengthOf(token)) > end) return undefined;
    predictor.accept(token);
  }
  return predictor.position === end && predictor.plan().type === STORED ? tokens : undefined;
}

function areSameBits(a: HeaderBits, b: HeaderBits): boolean {
  return a.count === b.count && Buffer.compare(a.bytes, b.bytes) === 0;
}
