import type { Entry, SystemTree } from '@swupd/manifests';
import type { Progress, RepoPath } from '@swupd/shared';
import type { Directory } from '../disk/index.ts';
import type { InspectItem, InspectResult, InspectTask } from './inspect-task.ts';
import type { Observed } from './observe.ts';

/** What runs the looking, in threads or right here. */
export interface Inspector {
  /** How many tasks are worth having under way at once. */
  readonly parallel: number;
  inspect(task: InspectTask): Promise<InspectResult>;
}

export interface InspectRequest {
  readonly root: Directory;
  readonly paths: Iterable<RepoPath>;
  /** Each path is compared with its entries in these trees: the first is what it should be. */
  readonly target: SystemTree;
  readonly installed: SystemTree;
  /** Whether the content of files is read. */
  readonly hash: boolean;
  readonly executor: Inspector;
  readonly progress: Progress;
}

const BATCH_FILES = 400;
const BATCH_BYTES = 24 * 1024 * 1024;

/** What is at each of the paths, as far as it differs from the target. Members of hard-link groups are always reported. */
export async function inspectTree(request: InspectRequest): Promise<Map<RepoPath, Observed>> {
  const items = [...request.paths].sort().map((path) => itemFor(request, path));
  const observed = new Map<RepoPath, Observed>();
  const total = items.length;
  let done = 0;
  const batches = splitItems(items);
  const next = async (): Promise<void> => {
    for (let batch = batches.shift(); batch !== undefined; batch = batches.shift()) {
      const results = await request.executor.inspect({
        root: request.root.reference,
        hash: request.hash,
        items: batch,
      });
      batch.forEach(({ path }, i) => {
        const result = results[i];
        if (result !== undefined) observed.set(path, result);
      });
      done += batch.length;
      request.progress.report({ stage: 'inspect', done, total, unit: 'files' });
    }
  };
  await Promise.all(Array.from({ length: request.executor.parallel }, next));
  request.progress.finish('inspect');
  return observed;
}

function itemFor({ target, installed }: InspectRequest, path: RepoPath): InspectItem {
  const wanted = target.get(path);
  const before = installed.get(path);
  const candidates = [wanted, before].filter((entry): entry is Entry => entry !== undefined);
  return { path, candidates, always: wanted === undefined || isInLinkGroup(target, wanted) };
}

/** First members are recognised by the members that follow; both need their inodes compared. */
function isInLinkGroup(target: SystemTree, entry: Entry): boolean {
  return entry.type === 'file' && (entry.linkTo !== undefined || linkLeaders(target).has(entry.path));
}

const leaders = new WeakMap<SystemTree, ReadonlySet<RepoPath>>();

/** The first members of all hard-link groups of a tree. */
function linkLeaders(tree: SystemTree): ReadonlySet<RepoPath> {
  const known = leaders.get(tree);
  if (known !== undefined) return known;
  const found = new Set<RepoPath>();
  for (const entry of tree.values())
    if (entry.type === 'file' && entry.linkTo !== undefined) found.add(entry.linkTo);
  leaders.set(tree, found);
  return found;
}

/** Neighbours stay together, so that a batch opens few directories; large files make small batches. */
function splitItems(items: readonly InspectItem[]): InspectItem[][] {
  const batches: InspectItem[][] = [];
  let bytes = 0;
  for (const item of items) {
    const current = batches.at(-1);
    const size = item.candidates[0]?.type === 'file' ? item.candidates[0].size : 0;
    if (current === undefined || current.length >= BATCH_FILES || bytes + size > BATCH_BYTES) {
      batches.push([item]);
      bytes = size;
    } else {
      current.push(item);
      bytes += size;
    }
  }
  return batches;
}
