import { type FileEntry, LAYOUT } from '@swupd/manifests';
import { jointMemory } from '@swupd/shared/delta';
import { hashContent } from '@swupd/shared/io';
import { existingDeltas, type KnownDeltas, smallestDeltas } from '../plan/choose-deltas.ts';
import type { UpdateOffer, UpdatePairs } from '../plan/plan-bundle.ts';
import { type JointPlan, jointKey, type MadeJoint, planJoints } from '../plan/plan-joints.ts';
import type { BuildContext } from './build-context.ts';
import { carriedPack } from './carried-pack.ts';
import type { JointJob } from './joint-task.ts';
import type { MadeDelta } from './made-delta.ts';
import type { PriorBuild } from './read-priors.ts';

/** Where a joint delta is staged for the packs, below `scratch`. */
export function jointName({ sources, targets }: Pick<MadeJoint, 'sources' | 'targets'>): string {
  return `joints/${hashContent(Buffer.from(jointKey({ sources, targets })))}`;
}

export interface JointInput {
  /** The deltas of single files. */
  readonly known: KnownDeltas;
  /** What this build has packs of needs no joint deltas. */
  readonly previous: PriorBuild | undefined;
}

/**
 * The updates with the joint deltas that gain against the deltas and fullfiles that they replace. Makes those, each once: where
 * several updates have the same, the first one of them decides whether it gains.
 */
export async function writeJoints(
  updates: readonly UpdatePairs[],
  { known, previous }: JointInput,
  context: BuildContext,
): Promise<UpdateOffer[]> {
  const works = updates.flatMap((update): JointWork[] => {
    if (isCarried(update, previous, context)) return [];
    const jobOf = jobsOver(update, known, context);
    return planJoints(update, [...update.pairs, ...update.relatives]).map((joint) => ({
      update,
      joint,
      job: jobOf(joint),
    }));
  });
  const made = await makeJoints(works, context);
  const results = new Map(updates.map((update): [UpdatePairs, MadeJoint[]] => [update, []]));
  for (const { update, joint, job } of works) {
    const delta = made.get(job.target);
    if (delta !== undefined) results.get(update)?.push({ ...blobsOf(joint), ...delta });
  }
  return updates.map((update) => ({ ...update, joints: results.get(update) ?? [] }));
}

interface JointWork {
  readonly update: UpdatePairs;
  readonly joint: JointPlan;
  readonly job: JointJob;
}

/** The joint deltas that gain, by the path where they are staged. Two threads must never write the same one. */
async function makeJoints(
  works: readonly JointWork[],
  { pool, progress }: BuildContext,
): Promise<ReadonlyMap<string, MadeDelta | undefined>> {
  const first = new Map<string, JointWork>();
  for (const work of works) if (!first.has(work.job.target)) first.set(work.job.target, work);
  const distinct = [...first.values()];
  const total = distinct.reduce((sum, { joint }) => sum + plainBytes(joint), 0);
  let done = 0;
  const report = (bytes: number): void => {
    done += bytes;
    progress.report({ stage: 'joint deltas', done, total, unit: 'bytes' });
  };
  const requests = distinct.map(({ joint, job }) => ({
    request: job,
    bytes: plainBytes(joint),
    memory: plainBytes(joint) + jointMemory(sumSizes(joint.sources), sumSizes(joint.targets)),
  }));
  const made = await pool.runAll('writeJoint', requests, report);
  if (total > 0) progress.finish('joint deltas');
  return new Map([...first.keys()].map((target, index) => [target, made[index]]));
}

function isCarried(
  { from, to }: UpdatePairs,
  previous: PriorBuild | undefined,
  context: BuildContext,
): boolean {
  const update = { bundle: to.bundle, from: from.version, to: to.version };
  return carriedPack(update, previous?.mom, context) !== undefined;
}

function jobsOver(
  { pairs }: UpdatePairs,
  known: KnownDeltas,
  { writer }: BuildContext,
): (joint: JointPlan) => JointJob {
  const deltas = smallestDeltas(existingDeltas(pairs, known));
  const objectAt = (name: Parameters<typeof writer.find>[0], plainSize: number) => {
    const found = writer.find(name);
    if (found === undefined) throw new TypeError(`${name} has not been written`);
    return { path: found.path, plainSize };
  };
  const blob = ({ digest, size }: FileEntry) => ({ ...objectAt(LAYOUT.blob(digest), size), digest });
  return (joint) => ({
    sources: joint.sources.map(blob),
    targets: joint.targets.map(blob),
    deltas: joint.targets.flatMap(({ digest }) => {
      const delta = deltas.get(digest);
      return delta === undefined ? [] : [objectAt(LAYOUT.delta(delta.from, delta.to), delta.length)];
    }),
    fulls: joint.targets.filter(({ digest }) => !deltas.has(digest)).map(blob),
    target: writer.scratch(jointName(joint)),
  });
}

function blobsOf({ targets, sources }: JointPlan): Pick<MadeJoint, 'targets' | 'sources'> {
  const blob = ({ digest, size }: FileEntry) => ({ digest, size });
  return { targets: targets.map(blob), sources: sources.map(blob) };
}

function plainBytes({ targets, sources }: JointPlan): number {
  return sumSizes(targets) + sumSizes(sources);
}

function sumSizes(files: readonly FileEntry[]): number {
  return files.reduce((sum, { size }) => sum + size, 0);
}
