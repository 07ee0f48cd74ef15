import type { Entry, SystemTree } from '@swupd/manifests';
import { displayPath, type RepoPath } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import { DeviceError } from '../device-error.ts';
import { type ExtraFile, findExtra } from '../inspect/find-extra.ts';
import { type Finding, findingsFor, type Problem } from '../inspect/findings.ts';
import { clearObstacles } from '../plan/clear-obstacles.ts';
import type { ChangePlan, Notice } from '../plan/plan.ts';
import { withParents } from '../plan/plan-changes.ts';
import { type PlannedChange, planSystem, type SystemChange } from '../system/plan-system.ts';
import { type InstalledSystem, installedSystem } from './installed-system.ts';

export interface DiagnoseOptions {
  /** Only what these bundles have; default all that are installed. */
  readonly bundles: readonly string[];
  /** Only these paths and what is below them. */
  readonly files: readonly RepoPath[];
  /** Trust sizes: content is not read. */
  readonly quick: boolean;
  /** Also what no bundle has, below `pickyTree`. */
  readonly picky: boolean;
  /** Only that. */
  readonly extraOnly: boolean;
  readonly pickyTree: RepoPath | undefined;
  readonly pickyWhitelist: RegExp;
}

export interface DiagnoseResult {
  readonly version: number;
  readonly findings: readonly Finding[];
  /** What differs and is meant to: edited config files. */
  readonly notices: readonly Notice[];
  /** Paths that were looked at. */
  readonly inspected: number;
}

/** What a diagnosis found, and the plan that puts it right: the two can't disagree. */
export interface Diagnosis {
  readonly result: DiagnoseResult;
  readonly system: InstalledSystem;
  readonly change: SystemChange;
  readonly planned: PlannedChange;
}

/** Compares the root with the installed build. Changes nothing. @throws DeviceError `bundle-not-installed`, `nothing-matches` */
export async function diagnose(device: Device, options: DiagnoseOptions): Promise<DiagnoseResult> {
  return (await diagnoseSystem(device, options)).result;
}

export async function diagnoseSystem(device: Device, options: DiagnoseOptions): Promise<Diagnosis> {
  const system = await installedSystem(device);
  const { release } = system;
  const scope = scopeOf(system, options);
  const change = {
    installed: release,
    target: release,
    purpose: 'repair',
    scope,
    hash: !options.quick,
  } as const;
  const looked = await planSystem(device, change);
  const extra = options.picky || options.extraOnly ? extraFiles(device, looked.targetTree, options) : [];
  const wanted = options.picky ? cleared(looked, options) : looked.plan;
  const plan: ChangePlan = { ...wanted, removals: extra };
  const planned = { ...looked, plan };
  const findings = findingsOf(planned, extra);
  const result = {
    version: release.mom.version,
    findings,
    notices: plan.notices,
    inspected: looked.scope.size,
  };
  return { result, system, change, planned };
}

function scopeOf(
  { record, release }: InstalledSystem,
  { bundles, files, extraOnly }: DiagnoseOptions,
): SystemChange['scope'] {
  if (extraOnly) return new Set();
  const installed = new Set<string>(record.bundles.map(({ name }) => name));
  const stranger = bundles.find((name) => !installed.has(name));
  if (stranger !== undefined) {
    throw new DeviceError('bundle-not-installed', `bundle '${stranger}' is not installed`, {
      details: { bundle: stranger },
      hint: "See what is installed with 'swupd bundle-list'.",
    });
  }
  if (bundles.length === 0 && files.length === 0) return 'all';
  const chosen = [...release.manifests].filter(([name]) => bundles.length === 0 || bundles.includes(name));
  const paths = chosen.flatMap(([, manifest]) => manifest.entries.map(({ path }) => path));
  const matching =
    files.length === 0 ? paths : paths.filter((path) => files.some((file) => isAtOrBelow(path, file)));
  if (matching.length > 0) return withParents(matching);
  throw new DeviceError('nothing-matches', `no installed bundle has ${files.map(displayPath).join(', ')}`, {
    details: { files: files.map(displayPath) },
    hint: "Name a path as 'swupd bundle-info --files' lists it, or a directory above.",
  });
}

function isAtOrBelow(path: RepoPath, other: RepoPath): boolean {
  return path === other || path.startsWith(`${other}/`);
}

function extraFiles(
  device: Device,
  target: SystemTree,
  { pickyTree, pickyWhitelist, files }: DiagnoseOptions,
): ExtraFile[] {
  const trees = files.length === 0 ? [pickyTree] : files;
  const except = device.state.top.stat();
  return trees.flatMap((tree) =>
    findExtra(target, { root: device.root, tree, whitelist: pickyWhitelist, except }),
  );
}

/** What is in the way in the tree that `--picky` looks at is as superfluous as what is beside it. */
function cleared(
  { plan, observed }: PlannedChange,
  { pickyTree, pickyWhitelist }: DiagnoseOptions,
): ChangePlan {
  return clearObstacles(
    plan,
    (path) => observed.get(path)?.type === 'directory',
    (path) =>
      (pickyTree === undefined || isAtOrBelow(path, pickyTree)) &&
      displayPath(path).search(pickyWhitelist) < 0,
  );
}

/** In path order; each path that the plan changes has at least one finding. */
function findingsOf({ plan, observed }: PlannedChange, extra: readonly ExtraFile[]): Finding[] {
  const wrong = plan.steps.flatMap(({ entry }) => {
    const seen = observed.get(entry.path);
    const findings = seen === undefined ? [] : findingsFor(entry, seen);
    return findings.length > 0 ? findings : [{ path: entry.path, problem: linkProblem(entry) }];
  });
  const surplus = extra.map(({ path }): Finding => ({ path, problem: 'extra' }));
  return [...wrong, ...surplus].sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** What is wrong with a path whose content and metadata are right. */
function linkProblem(entry: Entry): Problem {
  return entry.type === 'file' && entry.linkTo !== undefined ? 'not-linked' : 'wrongly-linked';
}
