import type { DeltaCodec } from '../codec.ts';
import { DeltaError } from '../delta-error.ts';
import { ByteReader } from './byte-reader.ts';
import { decodeWindow } from './decode-window.ts';
import { encodeWindow } from './encode-window.ts';
import { readWindow } from './window-format.ts';

const MIB = 1024 * 1024;
/** Bytes of the target that one window makes at most. */
const WINDOW = 512 * MIB;

/** Copies that need not be exact, with the addresses of programs predicted and the rest coded by arithmetic. */
export const align: DeltaCodec = {
  id: 3,
  name: 'align',
  compressed: true,

  estimate(sourceSize, targetSize) {
    if (Math.max(sourceSize, targetSize) > WINDOW || targetSize === 0) return undefined;
    return {
      seconds: (0.1 * (sourceSize + targetSize)) / MIB,
      // The table of seeds, the references of programs, and the literals of a target that has little in common with the source.
      memory: Math.min(16 * sourceSize, 64 * MIB) + 0.25 * sourceSize + 1.75 * targetSize + 32 * MIB,
    };
  },

  async encode(source, target) {
    if (target.length === 0) return undefined;
    return encodeWindow(source, target);
  },

  async *decode(source, payload, targetSize) {
    const reader = new ByteReader(payload);
    for (let left = targetSize; left > 0; ) {
      const window = readWindow(reader, { source: source.size, target: left }, WINDOW);
      yield* decodeWindow(source, window, reader);
      left -= window.target;
    }
    if (reader.left > 0) throw new DeltaError('bad-delta', 'there is more of the delta than it needs');
  },
};
