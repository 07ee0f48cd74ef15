import { constants, inflateRawSync } from 'node:zlib';

export interface Inflated {
  readonly plain: Uint8Array;
  /** Bytes of the stream. */
  readonly length: number;
}

/** What Node gives with `info`, which its types don't know. */
interface InflatedWithInfo {
  readonly buffer: Buffer;
  readonly engine: { readonly bytesWritten: number };
}

/**
 * The plain text of the deflate stream at the start of `bytes`, whatever follows it: undefined where there is no whole stream,
 * or one with more than `sizeMax` plain bytes.
 */
export function inflate(bytes: Uint8Array, sizeMax: number): Inflated | undefined {
  if (!startsWell(bytes)) return undefined;
  const options = { maxOutputLength: Math.max(1, sizeMax), info: true, finishFlush: constants.Z_FINISH };
  try {
    const { buffer, engine } = inflateRawSync(bytes, options) as unknown as InflatedWithInfo;
    return buffer.length > sizeMax ? undefined : { plain: buffer, length: engine.bytesWritten };
  } catch (error) {
    if (error instanceof Error && 'code' in error) return undefined;
    throw error;
  }
}

/** What comes before a stream may begin a thousand times in a program: most are no stream, and their first bytes say so cheaply. */
const PROBE = 256;
const PROBE_OPTIONS = { chunkSize: 4 * PROBE, finishFlush: constants.Z_SYNC_FLUSH };

function startsWell(bytes: Uint8Array): boolean {
  try {
    inflateRawSync(bytes.subarray(0, PROBE), PROBE_OPTIONS);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}
