import type { Progress } from '@swupd/shared';
import type { ContentCache } from '../content/content-cache.ts';
import { DeviceError } from '../device-error.ts';
import type { Directory, Disk } from '../disk/index.ts';
import { errnoOf } from '../disk/index.ts';
import type { ChangePlan, Notice } from '../plan/plan.ts';
import { type InstalledRecord, writeInstalledRecord } from '../state/installed-record.ts';
import type { StateDirectory } from '../state/state-directory.ts';
import type { Applier } from './applier.ts';
import { inPlaceApplier } from './in-place-applier.ts';
import { hasJournal, type Journal, readJournal, removeJournal, writeJournal } from './journal.ts';
import { stageContent } from './stage-content.ts';
import { StagingAreas } from './staging-areas.ts';

/** What a transaction needs of the device that it changes. */
export interface TransactionDevice {
  readonly root: Directory;
  readonly state: Pick<StateDirectory, 'top'>;
  readonly cache: ContentCache;
  readonly ports: { readonly disk: Disk; readonly progress: Progress };
}

/** A plan whose content is in the cache, and the record that will be true when it has been carried out. */
export interface Transaction {
  readonly plan: ChangePlan;
  readonly record: InstalledRecord;
}

/**
 * The tail that all changing commands share: stage ▸ journal ▸ apply ▸ commit ▸ delete. Whatever fails before the journal is
 * written leaves the root as it was; whatever is cut off after it is finished by `finishInterrupted`.
 * @returns what had to be left
 */
export function runTransaction(device: TransactionDevice, { plan, record }: Transaction): Notice[] {
  const areas = new StagingAreas(device.root, device.state.top);
  try {
    const homes = stageContent({
      steps: plan.steps,
      areas,
      cache: device.cache,
      progress: device.ports.progress,
    });
    syncAreas(device, areas, homes);
    const journal = { plan: { steps: plan.steps, removals: plan.removals }, homes, record };
    writeJournal(device.state.top, journal);
    return carryOut(device, journal, areas);
  } finally {
    areas.close();
  }
}

/**
 * Finishes a transaction that was cut off after its journal was written, and clears away what one that was cut off before
 * has left.
 * @returns whether there was something to finish
 */
export function finishInterrupted(device: TransactionDevice): boolean {
  const journal = readJournal(device.state.top);
  const areas = new StagingAreas(device.root, device.state.top);
  try {
    if (journal !== undefined) carryOut(device, journal, areas);
    else {
      areas.removeLeftovers();
      if (hasJournal(device.state.top)) removeJournal(device.state.top);
    }
    return journal !== undefined;
  } finally {
    areas.close();
  }
}

/** @throws DeviceError `apply-failed`; the journal stays, so that what is begun can be finished */
function carryOut(device: TransactionDevice, journal: Journal, areas: StagingAreas): Notice[] {
  try {
    return applyAndCommit(device, journal, areas);
  } catch (cause) {
    const code = errnoOf(cause);
    if (code === undefined) throw cause;
    throw new DeviceError(
      'apply-failed',
      `the changes could not be carried through (${code}): ${(cause as Error).message}`,
      {
        cause,
        details: { errno: code },
        hint: 'Remove the cause, then run any changing command, such as swupd repair: it finishes what was begun.',
      },
    );
  }
}

function applyAndCommit(device: TransactionDevice, journal: Journal, areas: StagingAreas): Notice[] {
  const applier: Applier = inPlaceApplier(device.root, areas);
  const progress: Progress = device.ports.progress;
  applier.apply(journal, progress);
  syncAreas(device, areas, journal.homes);
  writeInstalledRecord(device.state.top, journal.record);
  const notices = applier.removeObsolete(journal);
  for (const home of new Set(journal.homes)) areas.open(home);
  areas.remove();
  removeJournal(device.state.top);
  return notices;
}

/** One sync for each file system that is touched, instead of one for each file. */
function syncAreas(device: TransactionDevice, areas: StagingAreas, homes: Journal['homes']): void {
  for (const home of new Set(homes)) device.ports.disk.syncFileSystem(areas.open(home).directory);
}
