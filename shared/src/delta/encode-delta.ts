import { compress } from '../compression.ts';
import { ELF_HEADER_SIZE, isElf } from '../elf-header.ts';
import type { DeltaCodec } from './codec.ts';
import { bytesSource, type DeltaSource, readSource } from './delta-source.ts';
import { type EncodingPlan, planEncoding } from './plan-encoding.ts';
import { type EncodingPair, provenDelta } from './proven-delta.ts';
import { isHopeless } from './trial-order.ts';

/** What a codec made of a pair. */
export interface EncodingAttempt {
  /** Name of the codec. */
  readonly codec: string;
  /** Bytes as they would be stored; undefined where the codec does not take the pair after all. */
  readonly bytes: number | undefined;
  /** For encoding, compressing and the decoding that proves it. */
  readonly seconds: number;
}

export interface EncodedDelta {
  /** The delta: header and payload, `manifests/spec/delta.md`. */
  readonly container: Uint8Array;
  /** The same as the repository stores it: of the container's size where it is not compressed, otherwise one zstd frame. */
  readonly stored: Uint8Array;
  /** Name of the codec that made it. */
  readonly codec: string;
  /** All that was tried, in that order. */
  readonly attempts: readonly EncodingAttempt[];
}

export interface EncodingOptions {
  /** Bytes that the pair may take; `planEncoding`. */
  readonly memory?: number;
  /** Milliseconds, for the times of the attempts; nothing is chosen by them. */
  readonly now?: () => number;
}

/**
 * The delta that makes `target` out of `source` and takes the fewest bytes after compression at zstd `level`, or undefined
 * where no codec takes the pair. Deterministic. Whether it is worth keeping beside the fullfile is the caller's decision.
 * @throws DeltaError `worker-failed`
 */
export async function encodeDelta(
  source: Uint8Array,
  target: Uint8Array,
  level: number,
  options: EncodingOptions = {},
): Promise<EncodedDelta | undefined> {
  const plan = planEncoding(source.length, target.length, options.memory);
  const pair = { source: bytesSource(source), target: bytesSource(target) };
  return smallestDelta(
    plan,
    { ...pair, encode: (codec) => codec.encode(source, target) },
    { ...options, level },
  );
}

/**
 * The same for blobs that are read by position, for a plan that is windowed.
 * @throws DeltaError `worker-failed`; what the sources throw
 */
export async function encodeDeltaWindowed(
  source: DeltaSource,
  target: DeltaSource,
  level: number,
  options: EncodingOptions = {},
): Promise<EncodedDelta | undefined> {
  const plan = planEncoding(source.size, target.size, options.memory);
  const encode = async (codec: DeltaCodec) => codec.encodeWindowed?.(source, target);
  return smallestDelta(plan, { source, target, encode }, { ...options, level });
}

async function smallestDelta(
  { codecs }: EncodingPlan,
  pair: EncodingPair,
  { level, now = () => 0 }: EncodingOptions & { readonly level: number },
): Promise<EncodedDelta | undefined> {
  const isProgram = isElfFile(pair.target);
  const attempts: EncodingAttempt[] = [];
  const takers = new Set<string>();
  let smallest: Made | undefined;
  for (const codec of codecs) {
    if (isHopeless(codec, takers, isProgram)) continue;
    const started = now();
    const made = await tryCodec(codec, pair, level);
    const seconds = (now() - started) / 1000;
    attempts.push({ codec: codec.name, bytes: made?.stored.length, seconds });
    if (made === undefined) continue;
    takers.add(codec.name);
    if (smallest === undefined || made.stored.length < smallest.stored.length) smallest = made;
  }
  return smallest && { ...smallest, attempts };
}

interface Made {
  readonly container: Uint8Array;
  readonly stored: Uint8Array;
  readonly codec: string;
}

function isElfFile(target: DeltaSource): boolean {
  return isElf(readSource(target, 0, Math.min(target.size, ELF_HEADER_SIZE)));
}

async function tryCodec(codec: DeltaCodec, pair: EncodingPair, level: number): Promise<Made | undefined> {
  const container = await provenDelta(codec, pair);
  if (container === undefined) return undefined;
  const stored = codec.compressed ? container : compress(container, level).bytes;
  return { container, stored, codec: codec.name };
}
