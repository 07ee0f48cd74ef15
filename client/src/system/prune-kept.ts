import type { Digest } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import { errnoOf } from '../disk/index.ts';
import { readPrevious } from '../state/previous-versions.ts';
import { KeptContent } from '../transaction/apply/kept-content.ts';

/** Removes kept content that no version to go back to needs. What can't be removed now is so after the next change. */
export function pruneKept({ root, state }: Device, needed: ReadonlySet<Digest>): void {
  const kept = new KeptContent(root, state.top, readPrevious(state.top).homes);
  try {
    for (const blob of kept.list()) if (!needed.has(blob.digest)) kept.remove(blob);
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  } finally {
    kept.close();
  }
}
