import type { Digest } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import { ownName } from '../disk/index.ts';
import { type ChangePlan, neededBlobs } from '../plan/plan.ts';
import { readPrevious } from '../state/previous-versions.ts';
import { KeptContent } from '../transaction/apply/kept-content.ts';

/**
 * Puts the kept blobs that the plan needs into the cache, without copying them where that is possible. Like all that is in the
 * cache when a change begins they are verified before use.
 * @returns what was not in the cache before
 */
export function lendKept({ root, state, cache }: Device, plan: ChangePlan): Digest[] {
  const kept = new KeptContent(root, state.top, readPrevious(state.top).homes);
  try {
    const blobs = new Map(kept.list().map((blob) => [blob.digest, blob]));
    const wanted = neededBlobs(plan).filter(({ digest }) => !cache.has(digest));
    return wanted.flatMap(({ digest }) => {
      const blob = blobs.get(digest);
      if (blob === undefined) return [];
      kept.lend(blob, { directory: cache.directory, name: ownName(digest) });
      return [digest];
    });
  } finally {
    kept.close();
  }
}
