import type { Digest } from '@swupd/shared';
import type { ChangePlan, Step } from './plan.ts';
import { type SpaceNeed, SpaceNeeds } from './space-needs.ts';

export interface SpaceInput {
  readonly plan: Pick<ChangePlan, 'steps' | 'removals'>;
  /** The file system of each step's final name. */
  readonly deviceOf: (step: Step) => number;
  /** The file system of the state directory, which holds downloads, the cache and the journal. */
  readonly stateDevice: number;
  readonly downloads: { readonly bytes: number; readonly files: number };
  /** Whether the cache has a blob already. */
  readonly isCached: (digest: Digest) => boolean;
  readonly blockSizeOf: (device: number) => number;
}

/**
 * Room that a plan takes at its worst moment, by file system: everything new beside everything old, the downloads, the journal,
 * and the names of the staging areas. What is kept for going back takes no more: it is there already.
 */
export function planSpace(input: SpaceInput): Map<number, SpaceNeed> {
  const needs = new SpaceNeeds(input.blockSizeOf);
  addContent(input, needs);
  addOverhead(input, needs);
  return needs.byDevice;
}

/** Downloads and new files. */
export function addContent({ plan, downloads, ...input }: SpaceInput, needs: SpaceNeeds): void {
  // Each file may leave the most of a block empty.
  if (downloads.files > 0) needs.addFiles(input.stateDevice, downloads.bytes, downloads.files);
  const cached = new Set<Digest>();
  for (const step of plan.steps) addStep(step, needs, { ...input, cached });
}

/** A longer target, or more attributes, have no room in an inode. */
const INLINE = 60;

type StepInput = Pick<SpaceInput, 'deviceOf' | 'stateDevice' | 'isCached'> & { readonly cached: Set<Digest> };

function addStep(
  step: Step,
  needs: SpaceNeeds,
  { deviceOf, stateDevice, isCached, cached }: StepInput,
): void {
  const device = deviceOf(step);
  const xattrs = step.entry.xattrs.reduce((sum, { name, value }) => sum + name.length + value.length, 0);
  if (xattrs > INLINE) needs.addFiles(device, 1, 0);
  switch (step.action) {
    case 'put-file': {
      const { digest, size } = step.entry;
      const isThere = isCached(digest) && !cached.has(digest);
      cached.add(digest);
      // The cache's own file moves to its place. On its way to another file system a file is on both.
      if (!isThere || device !== stateDevice) needs.addFiles(device, size, 1);
      if (!isThere && device !== stateDevice) needs.addFiles(stateDevice, size, 1);
      break;
    }
    case 'make-directory':
      needs.addFiles(device, 1, 1);
      break;
    case 'put-symlink':
      needs.addFiles(device, step.entry.target.length > INLINE ? 1 : 0, 1);
      break;
    case 'put-link':
    case 'set-metadata':
      break;
  }
}

/**
 * Journal, installed record, history, list of versions before, homes of staging areas, due hooks: each is written beside the one
 * that it replaces.
 */
const STATE_FILES = 6;
/** The directories for what is staged and for what is kept. */
const AREAS = 2;
/** Two names in the staging area, and one where it is kept. */
const NAMES = 3 * 96;
/** What the journal says of a step besides the step: what was there, and where. */
const PRESENT = 256;

function addOverhead({ plan, stateDevice, deviceOf }: SpaceInput, needs: SpaceNeeds): void {
  const { steps, removals } = plan;
  if (steps.length + removals.length === 0) return;
  const journal = JSON.stringify({ steps, removals }).length + (steps.length + removals.length) * PRESENT;
  needs.addFiles(stateDevice, journal, STATE_FILES);
  needs.addBytes(stateDevice, removals.length * NAMES);
  for (const device of new Set([stateDevice, ...steps.map(deviceOf)])) needs.addFiles(device, AREAS, AREAS);
  for (const step of steps) needs.addBytes(deviceOf(step), NAMES);
}
