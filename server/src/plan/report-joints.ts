import type { Manifest, MemberBlob } from '@swupd/manifests';
import { displayPath } from '@swupd/shared';
import { filesOf } from './distinct-blobs.ts';
import type { UpdateOffer } from './plan-bundle.ts';
import { jointKey } from './plan-joints.ts';

/** A joint delta that a pack has instead of deltas of single files. Sizes in bytes. */
export interface JointReport {
  /** What it makes, and what it is made of: for each content the first path that has it. */
  readonly paths: readonly string[];
  readonly oldPaths: readonly string[];
  readonly oldSize: number;
  readonly newSize: number;
  /** As it is stored. */
  readonly delta: number;
  readonly codec: string;
}

/** Each joint delta once, in the order of the updates. */
export function reportJoints(offers: readonly UpdateOffer[]): JointReport[] {
  const reports = new Map<string, JointReport>();
  for (const { from, to, joints } of offers) {
    for (const joint of joints) {
      if (reports.has(jointKey(joint))) continue;
      reports.set(jointKey(joint), {
        paths: pathsOf(joint.targets, to),
        oldPaths: pathsOf(joint.sources, from),
        oldSize: sumSizes(joint.sources),
        newSize: sumSizes(joint.targets),
        delta: joint.storedSize,
        codec: joint.codec,
      });
    }
  }
  return [...reports.values()];
}

function pathsOf(blobs: readonly MemberBlob[], manifest: Manifest): string[] {
  const wanted = new Set(blobs.map(({ digest }) => digest));
  const paths = new Map<string, string>();
  for (const { digest, path } of filesOf(manifest))
    if (wanted.has(digest) && !paths.has(digest)) paths.set(digest, displayPath(path));
  return blobs.flatMap(({ digest }) => paths.get(digest) ?? []);
}

function sumSizes(blobs: readonly MemberBlob[]): number {
  return blobs.reduce((sum, { size }) => sum + size, 0);
}
