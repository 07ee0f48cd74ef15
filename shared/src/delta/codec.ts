import type { DeltaSource } from './delta-source.ts';

/** What it takes to encode a pair, by the sizes alone: what is tried must not depend on the machine or on its load. */
export interface EncodingCost {
  /** Seconds of one core, roughly. */
  readonly seconds: number;
  /** Bytes at the peak, beside the two blobs: tables, copies, and the payload as far as honest files make one. */
  readonly memory: number;
}

/** One way to write a blob as instructions over another blob. Codecs are pure: the same bytes give the same payload. */
export interface DeltaCodec {
  /** The codec's byte in the container; never given to another codec. */
  readonly id: number;
  readonly name: string;
  /** Whether payloads are compressed, so that to compress them again is of no use. */
  readonly compressed: boolean;
  /** What `encode` takes, or undefined where the sizes alone are outside the codec's limits. */
  estimate(sourceSize: number, targetSize: number): EncodingCost | undefined;
  /** The payload that makes `target` out of `source`, or undefined where the pair is outside the codec's limits. */
  encode(source: Uint8Array, target: Uint8Array): Promise<Uint8Array | undefined>;
  /**
   * The same payload where nobody has to hold the blobs: for pairs that are too large for it. Absent where the codec needs
   * them whole.
   */
  encodeWindowed?(source: DeltaSource, target: DeltaSource): Promise<Uint8Array | undefined>;
  /**
   * What `payload` makes out of `source`, front to back in chunks: together at most `targetSize` bytes, whatever the payload
   * says. Holds a bounded part of the source and of the target at a time: a chunk is good until the next one is asked for.
   * @throws DeltaError `bad-delta` on any damage; what `source.read` throws
   */
  decode(source: DeltaSource, payload: Uint8Array, targetSize: number): AsyncIterable<Uint8Array>;
}
