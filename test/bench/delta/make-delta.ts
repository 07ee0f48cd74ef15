import { closeSync, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import {
  type DeltaSource,
  type EncodedDelta,
  encodeDelta,
  encodeDeltaWindowed,
  planEncoding,
} from '@swupd/shared/delta';

/** zstd level of deltas and fullfiles, as the server has it. */
export const LEVEL = 19;

/** Our smallest delta between two files, or undefined where no codec takes them; held in memory or in windows as a build does. */
export async function makeDelta(from: string, to: string): Promise<EncodedDelta | undefined> {
  const { windowed } = planEncoding(statSync(from).size, statSync(to).size);
  if (!windowed) return encodeDelta(readFileSync(from), readFileSync(to), LEVEL);
  return withOpenFile(from, (source) =>
    withOpenFile(to, (target) => encodeDeltaWindowed(source, target, LEVEL)),
  );
}

/** The file as codecs read it, open until `work` is done. */
export async function withOpenFile<T>(path: string, work: (file: DeltaSource) => Promise<T>): Promise<T> {
  const fd = openSync(path, 'r');
  try {
    return await work({
      size: fstatSync(fd).size,
      read: (buffer, position) => readSync(fd, buffer, 0, buffer.length, position),
    });
  } finally {
    closeSync(fd);
  }
}
