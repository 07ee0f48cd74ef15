import { siblingModule } from '../../io/sibling-module.ts';
import type { DeltaCodec } from '../codec.ts';
import { DeltaError } from '../delta-error.ts';
import { type DeltaSource, readSource } from '../delta-source.ts';
import type { VcdiffReply, VcdiffRequest } from './vcdiff-message.ts';
import { type LaneResult, WorkerLane } from './worker-lane.ts';

const MIB = 1024 * 1024;

/**
 * What fits into the 16 MiB that `xdelta3-wasm` has for everything: source, target, payload, hash table and window. Below
 * these sizes its own buffers always fit, and what it reserves itself is checked (it refuses with ENOMEM).
 */
export const VCDIFF_LIMITS = {
  source: 4 * MIB,
  target: 4 * MIB,
  /** A payload may be that much larger than what it makes; more is of no use. */
  overhead: 1024,
  /** Milliseconds; the slowest honest pair takes less than a second. Stops a payload that makes the decoder spin. */
  time: 60_000,
} as const;

/** xdelta3's match levels: the hash table of a level has to fit beside a source of the size. */
const LEVELS = [
  { source: 2 * MIB, level: 9 },
  { source: 3 * MIB, level: 6 },
  { source: VCDIFF_LIMITS.source, level: 3 },
] as const;
const LEVEL_SHIFT = 20;
/**
 * XD3_NOCOMPRESS: no matching of the target with itself. zstd does that better afterwards, over the bytes that remain, and the
 * 4 bytes of table for each byte of target stay free. XD3_ADLER32 is not set: the digest of the target covers it.
 */
const NO_SELF_MATCHING = 1 << 13;

/** What the thread takes with the 16 MiB of its module, before it has copies of the two blobs and makes a payload. Measured. */
const THREAD_MEMORY = 28 * MIB;

const WORKER = siblingModule(import.meta.url, './vcdiff-worker');

/** One for each thread that imports this file, so that the workers of a pool don't wait for each other. */
const lane = vcdiffLane(VCDIFF_LIMITS.time);

/** VCDIFF (RFC 3284) as xdelta3 writes it: no secondary compression, no application header, no checksum. */
export const vcdiff: DeltaCodec = vcdiffOver(lane);

/** The codec over what answers its requests: a worker, or the calling thread where that may break. */
export function vcdiffOver(lane: Pick<WorkerLane<VcdiffRequest, VcdiffReply>, 'call'>): DeltaCodec {
  return {
    id: 1,
    name: 'vcdiff',
    compressed: false,

    estimate(sourceSize, targetSize) {
      if (sourceSize > VCDIFF_LIMITS.source || targetSize > VCDIFF_LIMITS.target) return undefined;
      return {
        seconds: 0.01 + (0.1 * (sourceSize + targetSize)) / MIB,
        memory: THREAD_MEMORY + 2.5 * (sourceSize + targetSize),
      };
    },

    async encode(source, target) {
      const level = LEVELS.find((row) => source.length <= row.source)?.level;
      if (level === undefined || target.length > VCDIFF_LIMITS.target) return undefined;
      const flags = (level << LEVEL_SHIFT) | NO_SELF_MATCHING;
      const outputMax = target.length + VCDIFF_LIMITS.overhead;
      const result = await lane.call(() => {
        const bytes = { source: copy(source), target: copy(target) };
        return {
          message: { kind: 'encode', ...bytes, outputMax, flags },
          transfer: [bytes.source.buffer, bytes.target.buffer],
        };
      });
      if (result.kind === 'timeout')
        throw new DeltaError('worker-failed', 'the vcdiff encoder ran into its time limit');
      return outputOf(result);
    },

    async *decode(source, payload, targetSize) {
      checkDecodable(source, payload, targetSize);
      const result = await lane.call(() => {
        const bytes = { source: readSource(source, 0, source.size), payload: copy(payload) };
        return {
          message: { kind: 'decode', ...bytes, outputMax: targetSize },
          transfer: [bytes.source.buffer, bytes.payload.buffer],
        };
      });
      const output = outputOf(result);
      if (output === undefined || output.length > targetSize) {
        const details =
          result.kind === 'reply' ? { ...result.reply, output: undefined } : { kind: result.kind };
        throw new DeltaError('bad-delta', 'the vcdiff payload is damaged or belongs to another file', {
          details,
        });
      }
      yield output;
    },
  };
}

/** Ends the thread that the calling thread's deltas run in; the next call starts another one. */
export function closeDeltaWorkers(): Promise<void> {
  return lane.close();
}

/** A worker of its own for `xdelta3-wasm`; `timeLimit` in milliseconds. */
export function vcdiffLane(timeLimit: number): WorkerLane<VcdiffRequest, VcdiffReply> {
  return new WorkerLane(WORKER, { timeLimit, isClean: (reply) => reply.kind === 'done' });
}

function checkDecodable(source: DeltaSource, payload: Uint8Array, targetSize: number): void {
  if (
    source.size > VCDIFF_LIMITS.source ||
    targetSize > VCDIFF_LIMITS.target ||
    payload.length > targetSize + VCDIFF_LIMITS.overhead
  ) {
    const details = { source: source.size, payload: payload.length, targetSize };
    throw new DeltaError('bad-delta', 'a vcdiff delta is larger than any that is made', { details });
  }
}

function outputOf(result: LaneResult<VcdiffReply>): Uint8Array | undefined {
  return result.kind === 'reply' && result.reply.kind === 'done' ? result.reply.output : undefined;
}

/** A buffer of its own: what is moved to a worker must not be the caller's, nor the larger one that it is a view of. */
function copy(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
