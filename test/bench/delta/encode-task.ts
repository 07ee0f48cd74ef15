import { readFileSync } from 'node:fs';
import { compress } from '@swupd/shared';
import { decodeDelta } from '@swupd/shared/delta';
import { LEVEL, makeDelta, withOpenFile } from './make-delta.ts';

/** Our smallest delta of a pair as the repository stores it. */
export interface OurDelta {
  readonly codec: string;
  readonly bytes: number;
  /** Bytes of each codec that was tried and takes the pair. */
  readonly attempts: Readonly<Record<string, number>>;
}

/**
 * Runs in a worker thread; gives undefined where no codec takes the pair. The delta is decoded again, and counts only if the new
 * file comes out.
 */
export async function encodePair({ from, to }: { from: string; to: string }): Promise<OurDelta | undefined> {
  const delta = await makeDelta(from, to);
  if (delta === undefined) return undefined;
  const target = readFileSync(to);
  let size = 0;
  await withOpenFile(from, async (source) => {
    for await (const chunk of decodeDelta(source, delta.container, target.length)) {
      if (!target.subarray(size, size + chunk.length).equals(chunk))
        throw new Error(`the ${delta.codec} delta from ${from} does not make ${to}`);
      size += chunk.length;
    }
  });
  const attempts = delta.attempts.flatMap(({ codec, bytes }) =>
    bytes === undefined ? [] : [[codec, bytes] as const],
  );
  return { codec: delta.codec, bytes: delta.stored.length, attempts: Object.fromEntries(attempts) };
}

/** Bytes that a device fetches without any delta. */
export function fullfileSize({ path }: { path: string }): number {
  return compress(readFileSync(path), LEVEL).bytes.length;
}
