import type { RepoPath } from '@swupd/shared';
import { openLocalFile, unlessUnreadable } from '../content/local-file.ts';
import type { Device } from '../device/device.ts';
import { PathWalker } from '../disk/index.ts';
import { hashReadable } from '../inspect/observe.ts';
import type { EditedFile } from '../state/previous-versions.ts';
import type { PlannedChange } from './plan-system.ts';

/**
 * Files of the installed build that were edited on the device and that the plan replaces or removes: their bytes are nowhere
 * else. Config files are not among them, since those stay as they are.
 */
export function findEdits(device: Device, planned: PlannedChange): EditedFile[] {
  const walker = new PathWalker(device.root);
  try {
    return changedPaths(planned).flatMap((path) => {
      const entry = planned.installedTree.get(path);
      const seen = planned.observed.get(path);
      if (entry?.type !== 'file' || seen?.type !== 'file' || seen.digest === entry.digest) return [];
      const digest = seen.digest ?? hashOf(walker, path);
      return digest === undefined ? [] : [{ path, digest, size: seen.size }];
    });
  } finally {
    walker.reset();
  }
}

/** Paths that get another content, or go. */
export function changedPaths({ plan }: Pick<PlannedChange, 'plan'>): RepoPath[] {
  const steps = plan.steps.filter(({ action }) => action !== 'set-metadata');
  return [...steps.map(({ entry }) => entry.path), ...plan.removals.map(({ path }) => path)];
}

function hashOf(walker: PathWalker, path: RepoPath): EditedFile['digest'] | undefined {
  const file = openLocalFile(walker, path);
  if (file === undefined) return undefined;
  try {
    return unlessUnreadable(() => hashReadable(file));
  } finally {
    file.close();
  }
}
