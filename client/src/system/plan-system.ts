import { mergeManifests, type SystemTree } from '@swupd/manifests';
import type { RepoPath } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import { inspectTree } from '../inspect/inspect-tree.ts';
import type { Observed } from '../inspect/observe.ts';
import type { ChangePlan } from '../plan/plan.ts';
import { planChanges } from '../plan/plan-changes.ts';
import { changedScope, fullScope, widenedScope, withLinkGroups } from '../plan/scope.ts';
import type { KnownRelease } from '../stages/fetch-manifests.ts';

/** A change to the system in question: from what is installed to a target. */
export interface SystemChange {
  /** undefined for a root that has no system yet. */
  readonly installed: KnownRelease | undefined;
  readonly target: KnownRelease;
  readonly purpose: 'update' | 'repair';
  /** `changed`: only paths on which the two differ. `all`: every path. Otherwise these paths. */
  readonly scope: 'changed' | 'all' | ReadonlySet<RepoPath>;
  /** Whether the content of files in scope is read; without it, a right size counts as right content. */
  readonly hash: boolean;
}

/** A plan with what it was made from. */
export interface PlannedChange {
  readonly plan: ChangePlan;
  readonly installedTree: SystemTree;
  readonly targetTree: SystemTree;
  readonly observed: ReadonlyMap<RepoPath, Observed>;
  /** Paths that were looked at. */
  readonly scope: ReadonlySet<RepoPath>;
}

/**
 * Looks at the root and plans what turns it into the target. Changes nothing.
 * @throws FormatError `path-conflict`, `bad-manifest`
 */
export async function planSystem(device: Device, change: SystemChange): Promise<PlannedChange> {
  const installedTree = mergeManifests([...(change.installed?.manifests.values() ?? [])]);
  const targetTree =
    change.installed === change.target
      ? installedTree
      : mergeManifests([...change.target.manifests.values()]);
  const scope = scopeOf(change, installedTree, targetTree);
  const look = (paths: Iterable<RepoPath>): Promise<Map<RepoPath, Observed>> =>
    inspectTree({
      root: device.root,
      paths,
      target: targetTree,
      installed: installedTree,
      hash: change.hash,
      executor: device.executor,
      progress: device.ports.progress,
    });
  const observed = await look(scope);
  const widened = widenedScope(scope, targetTree, observed);
  for (const [path, seen] of await look(widened)) observed.set(path, seen);
  const plan = planChanges({
    installed: installedTree,
    target: targetTree,
    observed,
    purpose: change.purpose,
  });
  return { plan, installedTree, targetTree, observed, scope: new Set([...scope, ...widened]) };
}

function scopeOf({ scope }: SystemChange, installed: SystemTree, target: SystemTree): ReadonlySet<RepoPath> {
  if (scope === 'changed') return changedScope(installed, target);
  return scope === 'all' ? fullScope(installed, target) : withLinkGroups(scope, target);
}
