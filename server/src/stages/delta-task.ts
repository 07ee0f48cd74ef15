import { type Digest, releaseBytes } from '@swupd/shared';
import {
  type EncodedDelta,
  type EncodingAttempt,
  encodeDelta,
  encodeDeltaWindowed,
  planEncoding,
} from '@swupd/shared/delta';
import { monotonicTime } from '@swupd/shared/io';
import { COMPRESSION } from '../plan/compression-plan.ts';
import { writeStaged } from '../repository/staged-file.ts';
import { inspectDelta, type MadeDelta } from './made-delta.ts';
import { withOpenBlob } from './open-blob.ts';
import { readBlob, type StoredObject } from './stored-blob.ts';

/** A pair of blobs between which a delta is to be tried. */
export interface DeltaJob {
  readonly from: StoredObject & { readonly digest: Digest };
  readonly to: StoredObject & { readonly digest: Digest };
  /** Stored size of the fullfile that the delta has to beat. */
  readonly limit: number;
  /** A delta of this pair that is published or staged already. */
  readonly existing: string | undefined;
  readonly target: string;
  /** Where the blobs may be unpacked, as the start of a file name. */
  readonly scratch: string;
  /** Bytes that the pair may take. */
  readonly memory: number;
}

/** What became of a pair: no delta where none is smaller than the fullfile, or no codec takes the pair. */
export interface TriedDelta {
  readonly delta: MadeDelta | undefined;
  /** Empty where the delta was there already. */
  readonly attempts: readonly EncodingAttempt[];
}

/** Writes the delta of each pair where it is smaller than the fullfile. */
export async function writeDelta(jobs: readonly DeltaJob[]): Promise<TriedDelta[]> {
  const tried: TriedDelta[] = [];
  for (const job of jobs)
    tried.push(
      job.existing === undefined ? await tryDelta(job) : { delta: inspectDelta(job.existing), attempts: [] },
    );
  return tried;
}

async function tryDelta(job: DeltaJob): Promise<TriedDelta> {
  const { codecs, windowed } = planEncoding(job.from.plainSize, job.to.plainSize, job.memory);
  if (codecs.length === 0) return { delta: undefined, attempts: [] };
  const encoded = windowed ? await encodeInWindows(job) : await encodeHeld(job);
  if (encoded === undefined) return { delta: undefined, attempts: [] };
  const { container, stored, codec, attempts } = encoded;
  if (stored.length >= job.limit) return { delta: undefined, attempts };
  writeStaged(job.target, stored);
  const delta = { length: container.length, storedSize: stored.length, codec };
  releaseBytes(container, stored);
  return { delta, attempts };
}

async function encodeHeld({ from, to, memory }: DeltaJob): Promise<EncodedDelta | undefined> {
  const source = readBlob(from);
  const target = readBlob(to);
  const encoded = await encodeDelta(source, target, COMPRESSION.level, { memory, now: monotonicTime });
  releaseBytes(source, target);
  return encoded;
}

function encodeInWindows({ from, to, memory, scratch }: DeltaJob): Promise<EncodedDelta | undefined> {
  return withOpenBlob(from, `${scratch}.old`, (source) =>
    withOpenBlob(to, `${scratch}.new`, (target) =>
      encodeDeltaWindowed(source, target, COMPRESSION.level, { memory, now: monotonicTime }),
    ),
  );
}
