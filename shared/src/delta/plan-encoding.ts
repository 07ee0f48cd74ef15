import type { DeltaCodec } from './codec.ts';
import { CODECS } from './codecs.ts';
import { inTrialOrder } from './trial-order.ts';

const MIB = 1024 * 1024;

/** How much a pair may take. Data, and by sizes only: the same pair is treated alike on every machine. */
export const ENCODING_BUDGET = {
  /** Seconds of one core that a codec may need for any pair, and for each byte of the target. */
  seconds: 0.9,
  secondsPerByte: 0.75 / MIB,
  /** Bytes of memory that a pair may take with both blobs. */
  memory: 2048 * MIB,
  /** Both blobs together up to which nobody looks for a way without holding them. */
  held: 64 * MIB,
} as const;

/** What will be tried for a pair. */
export interface EncodingPlan {
  /** In the order in which they are tried; empty where the pair gets no delta. */
  readonly codecs: readonly DeltaCodec[];
  /** Whether the blobs are read by position, in windows, instead of being held in memory. */
  readonly windowed: boolean;
  /** Bytes at the peak: the blobs, where they are held, and what the dearest codec needs. */
  readonly memory: number;
  /** Whether `memory` of the caller ruled out what `ENCODING_BUDGET` allows. */
  readonly reduced: boolean;
}

/**
 * The codecs for a pair of blobs of these sizes, within the time of `ENCODING_BUDGET`, and within `memory` bytes if that is
 * less than there. Held in memory where some codec is worth it; windowed where that does not fit, or nothing needs it.
 */
export function planEncoding(
  sourceSize: number,
  targetSize: number,
  memory: number = ENCODING_BUDGET.memory,
): EncodingPlan {
  const all = planWithin(sourceSize, targetSize, ENCODING_BUDGET.memory);
  if (all.memory <= memory) return { ...all, reduced: false };
  return { ...planWithin(sourceSize, targetSize, memory), reduced: true };
}

function planWithin(sourceSize: number, targetSize: number, memory: number): Omit<EncodingPlan, 'reduced'> {
  const blobs = sourceSize + targetSize;
  const costs = affordable(sourceSize, targetSize);
  const held = costs.filter((cost) => blobs + cost.memory <= memory);
  const windowed = costs.filter(({ codec, memory: own }) => codec.encodeWindowed && own <= memory);
  const needed = held.some(({ codec }) => codec.encodeWindowed === undefined);
  const small = blobs <= ENCODING_BUDGET.held && held.length >= windowed.length;
  return needed || small ? planOf(held, blobs) : { ...planOf(windowed, 0), windowed: true };
}

interface CodecCost {
  readonly codec: DeltaCodec;
  readonly memory: number;
}

function affordable(sourceSize: number, targetSize: number): CodecCost[] {
  const seconds = ENCODING_BUDGET.seconds + ENCODING_BUDGET.secondsPerByte * targetSize;
  return inTrialOrder(CODECS).flatMap((codec) => {
    const cost = codec.estimate(sourceSize, targetSize);
    return cost !== undefined && cost.seconds <= seconds ? [{ codec, memory: cost.memory }] : [];
  });
}

function planOf(costs: readonly CodecCost[], blobs: number): Omit<EncodingPlan, 'reduced'> {
  const codecs = costs.map(({ codec }) => codec);
  const memory = costs.length === 0 ? 0 : blobs + Math.max(...costs.map((cost) => cost.memory));
  return { codecs, windowed: false, memory };
}
