import { displayPath, type RepoPath } from '@swupd/shared';
import { carryOut, homesOf } from './carry-out.ts';
import { notMounted } from './change-failed.ts';
import { hasJournal, readJournal, removeJournal } from './journal/journal.ts';
import { Areas, STAGING } from './staging/areas.ts';
import { forgetHomes, removeStaged } from './staging/staging-homes.ts';
import type { TransactionDevice } from './transaction-device.ts';

/** What has become of a transaction that was cut off. */
export type Recovery = 'nothing-to-do' | 'finished' | 'taken-back';

/**
 * Finishes a transaction that was cut off after its journal was written, or takes it back, and clears away what one that was cut
 * off before has left. May itself be cut off at any moment.
 * @throws DeviceError `unfinished`
 */
export function finishInterrupted(device: TransactionDevice): Recovery {
  const { top } = device.state;
  const found = readJournal(top);
  const areas = new Areas(device.root, top, STAGING);
  try {
    if (found !== undefined) {
      const missing = areas.unmounted(homesOf(found.journal));
      if (missing.length > 0) throw notMounted(missing.map((home) => displayPath(home as RepoPath)));
      const { kind } = carryOut(device, areas, { ...found, wasCut: true });
      return kind === 'done' ? 'finished' : 'taken-back';
    }
    // Whatever a torn journal says, nothing had been changed yet.
    if (hasJournal(top)) removeJournal(top);
    removeStaged(top, areas);
    forgetHomes(top, areas, device.ports);
    return 'nothing-to-do';
  } finally {
    areas.close();
  }
}
