import type { RepoPath } from '@swupd/shared';
import type { ChangePlan, Step } from './plan.ts';

/**
 * `plan` for a repair that removes what is not of the system: what is in the way at a path that `isCleared` accepts is not kept
 * beside it, where it would only be found as superfluous the next time. What a directory holds is for the removals to name; the
 * rest of it is kept. Pure.
 */
export function clearObstacles(
  plan: ChangePlan,
  isDirectory: (path: RepoPath) => boolean,
  isCleared: (path: RepoPath) => boolean,
): ChangePlan {
  const steps = plan.steps.map((step): Step => {
    if (step.action === 'set-metadata' || step.obstacle !== 'foreign' || !isCleared(step.entry.path))
      return step;
    return { ...step, obstacle: isDirectory(step.entry.path) ? 'directory' : 'replaceable' };
  });
  const notices = plan.notices.filter(({ path, reason }) => reason !== 'kept-aside' || !isCleared(path));
  return { ...plan, steps, notices };
}
