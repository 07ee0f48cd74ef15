import type { Digest } from '@swupd/shared';
import { releaseBytes } from '@swupd/shared';
import { encodeDelta } from '@swupd/shared/delta';
import { COMPRESSION } from '../plan/compression-plan.ts';
import { writeStaged } from '../repository/staged-file.ts';
import { inspectStored, readBlob, type StoredObject } from './stored-blob.ts';

/** A pair of blobs between which a delta is to be tried. */
export interface DeltaJob {
  readonly from: StoredObject & { readonly digest: Digest };
  readonly to: StoredObject & { readonly digest: Digest };
  /** Stored size of the fullfile that the delta has to beat. */
  readonly limit: number;
  /** A delta of this pair that is published or staged already. */
  readonly existing: string | undefined;
  readonly target: string;
}

/** A delta that was kept: bytes of the container and of the file that holds it. */
export interface MadeDelta {
  readonly length: number;
  readonly storedSize: number;
}

/** Writes the delta of each pair where it is smaller than the fullfile; undefined where it is not, or no codec takes the pair. */
export async function writeDelta(jobs: readonly DeltaJob[]): Promise<(MadeDelta | undefined)[]> {
  const made: (MadeDelta | undefined)[] = [];
  for (const job of jobs)
    made.push(job.existing === undefined ? await tryDelta(job) : inspectStored(job.existing));
  return made;
}

async function tryDelta({ from, to, limit, target }: DeltaJob): Promise<MadeDelta | undefined> {
  const source = readBlob(from);
  const goal = readBlob(to);
  const delta = await encodeDelta(source, goal, COMPRESSION.level);
  releaseBytes(source, goal);
  if (delta === undefined || delta.stored.length >= limit) return undefined;
  writeStaged(target, delta.stored);
  return { length: delta.container.length, storedSize: delta.stored.length };
}
