import { existsSync, statSync } from 'node:fs';
import { compress, type Digest, releaseBytes } from '@swupd/shared';
import { encodeJoint } from '@swupd/shared/delta';
import { COMPRESSION } from '../plan/compression-plan.ts';
import { isJointWorth } from '../plan/plan-joints.ts';
import { writeStaged } from '../repository/staged-file.ts';
import { inspectDelta, type MadeDelta } from './made-delta.ts';
import { readBlob, readStored, type StoredObject } from './stored-blob.ts';

type BlobObject = StoredObject & { readonly digest: Digest };

/** Old and new blobs between which one delta is to be tried. */
export interface JointJob {
  readonly sources: readonly BlobObject[];
  readonly targets: readonly BlobObject[];
  /** What would bring the targets otherwise: deltas, and blobs for which there is none. */
  readonly deltas: readonly StoredObject[];
  readonly fulls: readonly BlobObject[];
  /** Where the delta goes; an empty file where it does not gain. */
  readonly target: string;
}

/**
 * Writes the joint delta where it gains against what it replaces, compressed together as a pack does it; undefined where it does
 * not. What lies at the target already, from an attempt that died, is the result.
 */
export async function writeJoint(job: JointJob): Promise<MadeDelta | undefined> {
  if (!existsSync(job.target)) writeStaged(job.target, (await tryJoint(job)) ?? new Uint8Array(0));
  return statSync(job.target).size === 0 ? undefined : inspectDelta(job.target);
}

async function tryJoint({ sources, targets, deltas, fulls }: JointJob): Promise<Uint8Array | undefined> {
  const source = joined(sources.map(readBlob));
  const goal = joined(targets.map(readBlob));
  const delta = await encodeJoint(source, goal);
  releaseBytes(source, goal);
  const others = together(deltas.map(readStored)) + together(fulls.map(readBlob));
  return delta !== undefined && isJointWorth(delta.container.length, others) ? delta.container : undefined;
}

/** Bytes that some members of a pack take in one frame. */
function together(parts: readonly Uint8Array[]): number {
  const plain = joined(parts);
  const { bytes } = compress(plain, COMPRESSION.level);
  const { length } = bytes;
  releaseBytes(plain, bytes);
  return length;
}

/** The parts one behind the other; their own memory is given back. */
function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = Buffer.concat(parts);
  releaseBytes(...parts);
  return all;
}
