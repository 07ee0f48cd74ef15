import { type FileEntry, LAYOUT } from '@swupd/manifests';
import { jointMemory } from '@swupd/shared/delta';
import { hashContent } from '@swupd/shared/io';
import { existingDeltas, type KnownDeltas, smallestDeltas } from '../plan/choose-deltas.ts';
import type { UpdateOffer, UpdatePairs } from '../plan/plan-bundle.ts';
import { type JointPlan, type MadeJoint, planJoints } from '../plan/plan-joints.ts';
import type { BuildContext } from './build-context.ts';
import { carriedPack } from './carried-pack.ts';
import type { JointJob } from './joint-task.ts';
import type { PriorBuild } from './read-priors.ts';

/** Where a joint delta is staged for the packs, below `scratch`. */
export function jointName({ sources, targets }: Pick<MadeJoint, 'sources' | 'targets'>): string {
  const sides = [sources, targets].map((side) => side.map(({ digest }) => digest).join(' '));
  return `joints/${hashContent(Buffer.from(sides.join('\n')))}`;
}

export interface JointInput {
  /** The deltas of single files. */
  readonly known: KnownDeltas;
  /** What this build has packs of needs no joint deltas. */
  readonly previous: PriorBuild | undefined;
}

/** The updates with the joint deltas that gain against the deltas and fullfiles that they replace. Makes those. */
export async function writeJoints(
  updates: readonly UpdatePairs[],
  { known, previous }: JointInput,
  context: BuildContext,
): Promise<UpdateOffer[]> {
  const works = updates.flatMap((update) => {
    if (isCarried(update, previous, context)) return [];
    const jobOf = jobsOver(update, known, context);
    return planJoints(update, [...update.pairs, ...update.relatives]).map((joint) => ({
      update,
      joint,
      job: jobOf(joint),
    }));
  });
  const total = works.reduce((sum, { joint }) => sum + plainBytes(joint), 0);
  let done = 0;
  const report = (bytes: number): void => {
    done += bytes;
    context.progress.report({ stage: 'joint deltas', done, total, unit: 'bytes' });
  };
  const requests = works.map(({ joint, job }) => ({
    request: job,
    bytes: plainBytes(joint),
    memory: plainBytes(joint) + jointMemory(sumSizes(joint.sources), sumSizes(joint.targets)),
  }));
  const made = await context.pool.runAll('writeJoint', requests, report);
  if (total > 0) context.progress.finish('joint deltas');
  const results = new Map(updates.map((update): [UpdatePairs, MadeJoint[]] => [update, []]));
  for (const [index, { update, joint }] of works.entries()) {
    const delta = made[index];
    if (delta !== undefined) results.get(update)?.push({ ...blobsOf(joint), ...delta });
  }
  return updates.map((update) => ({ ...update, joints: results.get(update) ?? [] }));
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
