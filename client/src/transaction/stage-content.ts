import { type Entry, modeOf } from '@swupd/manifests';
import type { Digest, FileName, Progress } from '@swupd/shared';
import type { ContentCache } from '../content/content-cache.ts';
import { type Directory, errnoOf, type NodeMetadata, ownName } from '../disk/index.ts';
import type { Step } from '../plan/plan.ts';
import type { StagingArea, StagingAreas } from './staging-areas.ts';

export interface StageInput {
  readonly steps: readonly Step[];
  readonly areas: StagingAreas;
  /** Holds every blob that the steps need, verified. */
  readonly cache: ContentCache;
  readonly progress: Progress;
}

/**
 * Prepares all new files, links and directories with content, owner, mode and attributes under the numbers of their steps,
 * each on the file system of its final name. Nothing else of the root changes.
 * @returns the area of each step
 */
export function stageContent({ steps, areas, cache, progress }: StageInput): StagingArea['home'][] {
  const uses = countUses(steps);
  const total = steps.length;
  const homes = steps.map((step) => areas.homeFor(step.entry.path));
  for (const home of new Set(homes)) areas.clear(home);
  steps.forEach((step, number) => {
    const area = areas.open(homes[number] ?? 'state').directory;
    stageStep(step, { area, name: stagedName(number), cache, uses });
    progress.report({ stage: 'stage', done: number + 1, total, unit: 'files' });
  });
  progress.finish('stage');
  return homes;
}

/** The name under which a step's result waits. */
export function stagedName(step: number): FileName {
  return ownName(`new-${step}`);
}

/** The name under which what a step replaces is set aside. */
export function asideName(step: number): FileName {
  return ownName(`old-${step}`);
}

/** Owner, mode and attributes of an entry. */
export function metadataOf(entry: Entry): NodeMetadata {
  return { type: entry.type, mode: modeOf(entry), uid: entry.uid, gid: entry.gid, xattrs: entry.xattrs };
}

interface Staging {
  readonly area: Directory;
  readonly name: FileName;
  readonly cache: ContentCache;
  readonly uses: Map<Digest, number>;
}

function stageStep(step: Step, staging: Staging): void {
  const { area, name } = staging;
  switch (step.action) {
    case 'make-directory':
      area.makeDirectory(name, 0o700);
      break;
    case 'put-symlink':
      area.makeSymlink(name, step.entry.target);
      break;
    case 'put-file':
      placeBlob(step.entry.digest, staging);
      break;
    case 'put-link':
    case 'set-metadata':
      return;
  }
  area.setMetadata(name, metadataOf(step.entry), true);
}

/** The last user of a blob gets the blob itself, the others get copies. */
function placeBlob(digest: Digest, { area, name, cache, uses }: Staging): void {
  const left = (uses.get(digest) ?? 1) - 1;
  uses.set(digest, left);
  if (left === 0) {
    try {
      cache.take(digest, area, name);
      return;
    } catch (error) {
      if (errnoOf(error) !== 'EXDEV') throw error;
    }
  }
  copyBlob(digest, { area, name, cache });
  if (left === 0) cache.remove(digest);
}

const CHUNK = 1024 * 1024;

function copyBlob(digest: Digest, { area, name, cache }: Omit<Staging, 'uses'>): void {
  const source = cache.open(digest);
  const target = area.createFile(name, 0o600);
  try {
    const buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(source.size, 1)));
    let position = 0;
    for (let count = source.read(buffer, 0); count > 0; count = source.read(buffer, position)) {
      target.write(buffer.subarray(0, count));
      position += count;
    }
  } finally {
    target.close();
    source.close();
  }
}

function countUses(steps: readonly Step[]): Map<Digest, number> {
  const uses = new Map<Digest, number>();
  for (const step of steps) {
    if (step.action === 'put-file') uses.set(step.entry.digest, (uses.get(step.entry.digest) ?? 0) + 1);
  }
  return uses;
}
