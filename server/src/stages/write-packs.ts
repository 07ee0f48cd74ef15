import { renameSync } from 'node:fs';
import { formatPackHead, LAYOUT, membersSize, type PackFrame, type PackRef } from '@swupd/manifests';
import type { PackPlan } from '../plan/plan-packs.ts';
import { withFolder } from '../repository/staged-file.ts';
import type { BuildContext } from './build-context.ts';
import { carriedPack } from './carried-pack.ts';
import { joinSections } from './join-sections.ts';
import { type FileSection, frameKey, readPublishedFrames } from './published-frames.ts';
import type { PriorBuild } from './read-priors.ts';
import { findFrames, writeFrames } from './write-frames.ts';

/**
 * Writes each planned pack that is smaller than what it replaces; undefined for the others, in the order of the plans. A pack
 * that the build before has, between the same two manifests, is that pack; frames that it has are copied.
 */
export async function writePacks(
  plans: readonly PackPlan[],
  previous: PriorBuild | undefined,
  context: BuildContext,
): Promise<(PackRef | undefined)[]> {
  const carried = plans.map((plan) => carriedPack(plan, previous?.mom, context));
  const open = plans.filter((plan, i) => plan.frames.length > 0 && carried[i] === undefined);
  const bundles = new Set(open.map(({ bundle }) => bundle));
  const published = readPublishedFrames(context.repository, previous, bundles);
  const { missing } = findFrames(open, published, context);
  const total = missing.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  const report = (bytes: number): void => {
    done += bytes;
    context.progress.report({ stage: 'packs', done, total, unit: 'bytes' });
  };
  report(0);
  await writeFrames(missing, context, report);
  const { there } = findFrames(open, published, context);
  const made = new Map(open.map((plan) => [plan, assemblePack(plan, there, context)]));
  context.progress.finish('packs');
  return plans.map((plan, i) => carried[i] ?? made.get(plan));
}

function assemblePack(
  plan: PackPlan,
  groups: ReadonlyMap<string, FileSection>,
  { writer }: BuildContext,
): PackRef | undefined {
  const sections: FileSection[] = [];
  const frames = plan.frames.map((frame): PackFrame => {
    const members = frame.members.map(({ member }) => member);
    const section =
      frame.kind === 'copy'
        ? wholeBlob(frame.members[0].member.digest, writer)
        : groups.get(frameKey(members));
    if (section === undefined) throw new TypeError('a frame has not been written');
    sections.push(section);
    return { storedSize: section.size, plainSize: membersSize(members), members };
  });
  const { bundle, from, to } = plan;
  const head = formatPackHead({ bundle, from, to, frames }, plan.blobs);
  const size = sections.reduce((sum, section) => sum + section.size, head.length);
  if (size >= plan.replaces) return undefined;
  const aside = writer.scratch(`packs/${bundle}-${from}`);
  const digest = joinSections(aside, head, sections);
  const name = LAYOUT.pack(digest);
  if (writer.find(name) === undefined) {
    const target = writer.claim(name);
    withFolder(target, () => renameSync(aside, target));
  }
  return { from, digest, size };
}

function wholeBlob(digest: PackRef['digest'], writer: BuildContext['writer']): FileSection | undefined {
  const found = writer.find(LAYOUT.blob(digest));
  return found && { path: found.path, offset: 0, size: found.storedSize };
}
