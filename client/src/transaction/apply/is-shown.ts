import type { Entry } from '@swupd/manifests';
import { displayPath } from '@swupd/shared';
import { DeviceError } from '../../device-error.ts';
import type { Place } from '../../disk/index.ts';
import type { Step } from '../../plan/plan.ts';

/**
 * Whether a step has been done: what was staged for it has its name already.
 * @throws DeviceError `apply-failed` where it is at neither place, so that nothing is claimed to be installed that is lost
 */
export function isShown({ entry }: Step, place: Place, staged: Place): boolean {
  if (staged.directory.lookup(staged.name) !== undefined) return false;
  if (looksLike(entry, place)) return true;
  throw new DeviceError(
    'apply-failed',
    `what was prepared for ${displayPath(entry.path)} is neither in its place nor in the staging area`,
    { details: { path: displayPath(entry.path) }, hint: 'Run the command again.' },
  );
}

/** Whether what is there can be what the entry says, as far as one look tells. */
export function looksLike(entry: Entry, { directory, name }: Place): boolean {
  const stat = directory.lookup(name);
  if (stat?.type !== entry.type) return false;
  if (entry.type === 'file') return stat.size === entry.size;
  return entry.type === 'directory' || directory.readLink(name) === entry.target;
}
