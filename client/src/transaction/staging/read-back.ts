import { createHash } from 'node:crypto';
import { type Digest, displayPath, type Progress } from '@swupd/shared';
import { DeviceError } from '../../device-error.ts';
import type { JournalStep } from '../journal/journal.ts';
import type { Areas } from './areas.ts';
import { stagedName } from './stage-content.ts';

/** How many new files were read from the disk again. */
export interface ReadBack {
  readonly checked: number;
  /** On file systems that can be read through their cache only, which proves nothing. */
  readonly unchecked: number;
}

export interface ReadBackInput {
  readonly steps: readonly JournalStep[];
  readonly areas: Areas;
  readonly progress: Progress;
}

/**
 * Reads staged files as the disk has them, after they were synced and before anything changes: a disk or a controller that
 * loses or spoils what it has taken is found while the old files are still in place.
 * @throws DeviceError `read-back-failed`
 */
export function readBack({ steps, areas, progress }: ReadBackInput): ReadBack {
  let checked = 0;
  let unchecked = 0;
  steps.forEach(({ step, home }, number) => {
    if (step.action === 'put-file') {
      const { entry } = step;
      const digest = digestOnDisk(areas, home, number);
      if (digest === undefined) unchecked++;
      else checked++;
      if (digest !== undefined && digest !== entry.digest) throw wrongBytes(displayPath(entry.path), digest);
    }
    progress.report({ stage: 'read back', done: number + 1, total: steps.length, unit: 'files' });
  });
  progress.finish('read back');
  return { checked, unchecked };
}

function digestOnDisk(areas: Areas, home: JournalStep['home'], number: number): Digest | undefined {
  const hash = createHash('sha256');
  const isRead = areas.open(home).readUncached?.(stagedName(number), (bytes) => hash.update(bytes));
  return isRead === true ? (hash.digest('hex') as Digest) : undefined;
}

function wrongBytes(path: string, digest: Digest): DeviceError {
  return new DeviceError('read-back-failed', `the disk does not give back what was written for ${path}`, {
    details: { path, digest },
    hint: 'Nothing has been changed. The disk, its controller or the memory is failing: look at dmesg and smartctl, and keep a copy of what is on it.',
  });
}
