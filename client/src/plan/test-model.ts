import type { Entry } from '@swupd/manifests';
import { type ByteString, bytesOf, parseRepoPath, type RepoPath } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import type { Observed } from '../inspect/observe.ts';
import { OWN_GID, OWN_UID, type TestNode, type Tree } from '../test-support.ts';
import type { ChangePlan, Step } from './plan.ts';

/** A model of a disk for tests of plans: what would be observed of a tree, and what a plan would leave behind. */

/** What is on a disk: a tree, or a device node or such, which no tree of ours has. */
export type DiskNode = TestNode | { readonly type: 'other' };
export type DiskTree = Readonly<Record<string, DiskNode>>;

/** What would be seen at each of `paths` and at their parents. */
export function observeModel(disk: DiskTree, paths: Iterable<string>): Map<RepoPath, Observed> {
  const names = Object.keys(disk).sort();
  return new Map([...paths].map((path) => [parseRepoPath(path), observeNode(disk, path, names)]));
}

function observeNode(disk: DiskTree, path: string, names: readonly string[]): Observed {
  for (let slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
    if (disk[path.slice(0, slash)]?.type !== 'directory') return { type: 'unreachable' };
  }
  const node = disk[path];
  if (node === undefined) return { type: 'missing' };
  if (node.type === 'other') return { type: 'other' };
  if (node.type === 'link') {
    const leader = observeNode(disk, node.leader, names);
    if (leader.type !== 'file') throw new TypeError(`${path} links to ${node.leader}, which is no file`);
    return leader;
  }
  const seen = {
    mode: modeOf(node),
    uid: node.uid ?? OWN_UID,
    gid: node.gid ?? OWN_GID,
    xattrs: node.xattrs ?? [],
  };
  if (node.type === 'directory') return { ...seen, type: 'directory', device: 1 };
  if (node.type === 'symlink') return { ...seen, type: 'symlink', target: node.target as ByteString };
  const bytes = bytesOf(node.content);
  const others = names.filter(
    (name) => disk[name]?.type === 'link' && (disk[name] as { leader: string }).leader === path,
  );
  return {
    ...seen,
    type: 'file',
    size: bytes.length,
    digest: hashContent(bytes),
    device: 1,
    inode: names.indexOf(path) + 1,
    links: others.length + 1,
  };
}

function modeOf(node: TestNode): number {
  if (node.type === 'symlink') return 0o777;
  return ('mode' in node ? node.mode : undefined) ?? (node.type === 'directory' ? 0o755 : 0o644);
}

/** The disk after `plan`, carried out on `disk`, where `content` has the bytes of each file of the target. */
export function carryOut(disk: DiskTree, plan: ChangePlan, target: Tree): DiskTree {
  const left = new Map(Object.entries(disk));
  const asides: string[] = [];
  for (const step of plan.steps) carryOutStep(left, step, { target, asides });
  for (const { path } of plan.removals) {
    for (const aside of ['', ...asides]) remove(left, aside === '' ? path : `${aside}${path}`);
  }
  return Object.fromEntries(left);
}

type Left = Map<string, DiskNode>;

function carryOutStep(left: Left, step: Step, { target, asides }: { target: Tree; asides: string[] }): void {
  const { path } = step.entry;
  const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
  if (parent !== '' && left.get(parent)?.type !== 'directory')
    throw new TypeError(`${path} has no parent to lie in`);
  if (step.action === 'set-metadata') {
    setMetadata(left, path, step.entry);
    return;
  }
  const present = left.get(path);
  if (step.obstacle === 'nothing' && present !== undefined) throw new TypeError(`${path} is not free`);
  if (step.obstacle === 'foreign') moveAside(left, path, `${path}.kept-1`);
  else if (step.obstacle === 'directory') {
    moveAside(left, path, `.aside${asides.length}/${path}`);
    asides.push(`.aside${asides.length}/`);
  } else if (present?.type === 'directory')
    throw new TypeError(`${path} is a directory, and would be replaced`);
  promoteLinks(left, path);
  left.set(path, step.action === 'put-link' ? linkNode(left, step.entry.linkTo) : ownNode(target, path));
}

/** A link becomes one to the file that its leader is now. */
function linkNode(left: Left, leaderPath: string): TestNode {
  const leader = left.get(leaderPath);
  if (leader?.type === 'link') return leader;
  if (leader?.type !== 'file') throw new TypeError(`${leaderPath} is no file to link to`);
  return { type: 'link', leader: leaderPath };
}

function ownNode(target: Tree, path: string): TestNode {
  const node = target[path];
  const own = node?.type === 'link' ? target[node.leader] : node;
  if (own === undefined) throw new TypeError(`${path} is not in the target`);
  return own;
}

function setMetadata(left: Left, path: string, entry: Entry): void {
  const node = left.get(path);
  const inode = node?.type === 'link' ? node.leader : path;
  const present = left.get(inode);
  if (present === undefined || present.type === 'other') throw new TypeError(`${path} is not there`);
  const mode = entry.type === 'symlink' ? {} : { mode: entry.mode };
  left.set(inode, { ...present, ...mode, uid: entry.uid, gid: entry.gid, xattrs: entry.xattrs } as TestNode);
}

function moveAside(left: Left, path: string, to: string): void {
  for (const [at, node] of [...left]) {
    if (at !== path && !at.startsWith(`${path}/`)) continue;
    promoteLinks(left, at);
    left.delete(at);
    left.set(
      to + at.slice(path.length),
      node.type === 'link' ? { type: 'file', content: 'some other name' } : node,
    );
  }
}

function remove(left: Left, path: string): void {
  if ([...left.keys()].some((other) => other.startsWith(`${path}/`))) return;
  promoteLinks(left, path);
  left.delete(path);
}

/** The file at `path` loses this name: the next one of its names becomes the one that the others refer to. */
function promoteLinks(left: Left, path: string): void {
  const node = left.get(path);
  const others = [...left]
    .filter(([, other]) => other.type === 'link' && other.leader === path)
    .map(([name]) => name);
  const [first] = others.sort();
  if (first === undefined || node === undefined) return;
  left.set(first, node);
  for (const other of others.slice(1)) left.set(other, { type: 'link', leader: first });
}

/** A plan in short, a line a step: for tables in tests. */
export function linesOf({ steps, removals, notices }: ChangePlan): string[] {
  return [
    ...steps.map((step) => {
      const obstacle = 'obstacle' in step && step.obstacle !== 'nothing' ? ` over ${step.obstacle}` : '';
      return `${step.action} ${step.entry.path}${obstacle}`;
    }),
    ...removals.map(({ path, type }) => `remove ${type} ${path}`),
    ...notices.map(({ path, reason }) => `notice ${path} ${reason}`),
  ];
}
