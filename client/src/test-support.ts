import {
  chmodSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type Entry,
  type Manifest,
  mergeManifests,
  type PathClass,
  type SystemTree,
  type Xattr,
} from '@swupd/manifests';
import { type ByteString, byteString, bytesOf, parseRepoPath, SILENT } from '@swupd/shared';
import { hashContent, readXattrs, writeXattrs } from '@swupd/shared/io';
import { inlineExecutor } from './content/inline-executor.ts';
import { Device } from './device/device.ts';
import type { DeviceOptions, Ports } from './device/ports.ts';
import { REAL_DISK } from './disk/index.ts';
import { openTestSource } from './repository/test-server.ts';

/** Support for the tests of this package: trees as literals, folders that go away, devices over them. */

export interface NodeOptions {
  readonly mode?: number;
  readonly uid?: number;
  readonly gid?: number;
  readonly pathClass?: PathClass;
  readonly xattrs?: readonly Xattr[];
}

export type TestNode = NodeOptions &
  (
    | { readonly type: 'file'; readonly content: string }
    | { readonly type: 'directory' }
    | { readonly type: 'symlink'; readonly target: string }
    | { readonly type: 'link'; readonly leader: string }
  );

/** Paths (byte strings) with what is there, parents before what is in them. */
export type Tree = Readonly<Record<string, TestNode>>;

export const file = (content: string, options: NodeOptions = {}): TestNode => ({
  type: 'file',
  content,
  ...options,
});
export const dir = (options: NodeOptions = {}): TestNode => ({ type: 'directory', ...options });
export const symlink = (target: string, options: NodeOptions = {}): TestNode => ({
  type: 'symlink',
  target,
  ...options,
});
/** Another name of the file at `leader`, which has to be the first of its group. */
export const hardLink = (leader: string, options: Pick<NodeOptions, 'pathClass'> = {}): TestNode => ({
  type: 'link',
  leader,
  ...options,
});

export const OWN_UID = process.getuid?.() ?? 0;
export const OWN_GID = process.getgid?.() ?? 0;

const CHOICE_PATHS = ['a', 'a/p', 'a/q', 'b', 'b/p', 'b/p/z', 'c', 'd'];
const CHOICE_CLASSES = ['managed', 'config', 'state', 'boot', 'ghost'] as const;
const CHOICES = [file('a'), file('b'), dir(), dir(), symlink('x'), file('a', { mode: 0o600 })].flatMap(
  (node) => CHOICE_CLASSES.map((pathClass) => ({ ...node, pathClass }) as TestNode),
);

/** A small tree with hard links and all classes. For each path: 0 nothing, 1 and 2 another name of the first file, then one of 30 nodes. */
export function treeFrom(choices: readonly number[]): Tree {
  const tree: Record<string, TestNode> = {};
  CHOICE_PATHS.forEach((path, i) => {
    const choice = choices[i] ?? 0;
    const parent = path.slice(0, Math.max(path.lastIndexOf('/'), 0));
    if (choice === 0 || (parent !== '' && tree[parent]?.type !== 'directory')) return;
    const leader = Object.keys(tree).find((name) => tree[name]?.type === 'file');
    const node = CHOICES[choice - 3];
    if (node !== undefined) tree[path] = node;
    else if (leader !== undefined)
      tree[path] = hardLink(leader, choice === 1 ? {} : { pathClass: 'managed' });
  });
  return tree;
}

/** A file system in memory: quicker, and another one than that of temporary folders. */
export const MEMORY = '/dev/shm';

const PREFIX = 'swupd-test-';

/** A new folder below the system's folder for such, removed at the end of the scope. */
export function temporaryFolder(base = tmpdir()): { readonly path: string } & Disposable {
  const path = mkdtempSync(join(base, PREFIX));
  return { path, [Symbol.dispose]: () => rmSync(path, { recursive: true, force: true }) };
}

/** The entries that a manifest has for `tree`, sorted by path. */
export function entriesOf(tree: Tree, version = 1): Entry[] {
  return Object.entries(tree)
    .map(([path, node]) => entryOf(tree, path, node, version))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

export function manifestOf(tree: Tree, bundle = 'os-core', version = 1): Manifest {
  return { bundle, version, entries: entriesOf(tree, version) };
}

export function systemTree(tree: Tree, version = 1): SystemTree {
  return mergeManifests([manifestOf(tree, 'os-core', version)]);
}

function entryOf(tree: Tree, path: string, node: TestNode, version: number): Entry {
  if (node.type === 'link') {
    const leader = tree[node.leader];
    if (leader?.type !== 'file') throw new TypeError(`${path} links to ${node.leader}, which is no file`);
    const entry = entryOf(tree, node.leader, leader, version);
    const pathClass = node.pathClass ?? entry.pathClass;
    return { ...entry, path: parseRepoPath(path), pathClass, linkTo: parseRepoPath(node.leader) } as Entry;
  }
  const base = {
    path: parseRepoPath(path),
    uid: node.uid ?? OWN_UID,
    gid: node.gid ?? OWN_GID,
    pathClass: node.pathClass ?? 'managed',
    version,
    xattrs: node.xattrs ?? [],
  } as const;
  switch (node.type) {
    case 'directory':
      return { ...base, type: 'directory', mode: node.mode ?? 0o755 };
    case 'symlink':
      return { ...base, type: 'symlink', target: node.target as ByteString };
    case 'file': {
      const bytes = bytesOf(node.content);
      const size = bytes.length;
      return {
        ...base,
        type: 'file',
        mode: node.mode ?? 0o644,
        size,
        storedSize: size,
        digest: hashContent(bytes),
        linkTo: undefined,
      };
    }
  }
}

/** Makes `tree` below the folder `root`. */
export function plant(root: string, tree: Tree): void {
  for (const [path, node] of Object.entries(tree)) {
    const at = below(root, path);
    switch (node.type) {
      case 'directory':
        mkdirSync(at, { recursive: true });
        break;
      case 'symlink':
        symlinkSync(bytesOf(node.target), at);
        break;
      case 'link':
        linkSync(below(root, node.leader), at);
        continue;
      case 'file':
        writeFileSync(at, bytesOf(node.content));
        break;
    }
    lchownSync(at, node.uid ?? OWN_UID, node.gid ?? OWN_GID);
    if (node.type === 'symlink') continue;
    chmodSync(at, node.mode ?? (node.type === 'directory' ? 0o755 : 0o644));
    if (node.xattrs !== undefined) writeXattrs(at.toString(), node.xattrs);
  }
}

/** Removes whatever is at a path. */
export function uproot(root: string, path: string): void {
  rmSync(below(root, path), { recursive: true, force: true });
}

export function below(root: string, path: string): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), bytesOf(path)]);
}

/** What is below `root`, a line a path: what `describeTree` says of the tree that it should be. */
export function readTree(root: string, parent = ''): Record<string, string> {
  const inodes = new Map<string, string>();
  const lines: Record<string, string> = {};
  const visit = (folder: string): void => {
    const names = readdirSync(below(root, folder), { encoding: 'buffer' }).map(byteString);
    for (const name of names.sort()) {
      const path = folder === '' ? name : `${folder}/${name}`;
      lines[path] = describe(below(root, path), path, inodes);
      if (lines[path].startsWith('directory')) visit(path);
    }
  };
  visit(parent);
  return Object.fromEntries(Object.entries(lines).sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The lines that `readTree` gives of a root that is just like `tree`. */
export function describeTree(tree: Tree): Record<string, string> {
  using folder = temporaryFolder();
  plant(folder.path, tree);
  return readTree(folder.path);
}

function describe(at: Buffer, path: string, inodes: Map<string, string>): string {
  const stats = lstatSync(at);
  const owner = stats.uid === OWN_UID && stats.gid === OWN_GID ? '' : ` ${stats.uid}:${stats.gid}`;
  const mode = (stats.mode & 0o7777).toString(8);
  if (stats.isSymbolicLink())
    return `symlink${owner} -> ${byteString(readlinkSync(at, { encoding: 'buffer' }))}`;
  // The library for attributes takes text only.
  const isText = Buffer.from(at.toString()).equals(at);
  const xattrs = (isText ? readXattrs(at.toString()) : [])
    .map(({ name, value }) => ` ${name}=${value}`)
    .join('');
  if (stats.isDirectory()) return `directory ${mode}${owner}${xattrs}`;
  if (!stats.isFile()) return 'other';
  const inode = `${stats.dev}:${stats.ino}`;
  const leader = inodes.get(inode);
  if (leader !== undefined) return `link to ${leader}`;
  inodes.set(inode, path);
  const content = readFileSync(at);
  const text = content.length > 200 ? hashContent(content) : content.toString('latin1');
  return `file ${mode}${owner}${xattrs} ${text}`;
}

/** A device over real folders, with everything else real as well, but for the clock. */
export function openDevice(options: DeviceOptions, ports: Partial<Ports> = {}): Device & AsyncDisposable {
  const device = new Device(testPorts(ports), options, true);
  return Object.assign(device, { [Symbol.asyncDispose]: () => device.close() });
}

export const TEST_TIME = 1_800_000_000;

export function testPorts(ports: Partial<Ports> = {}): Ports {
  const disk = ports.disk ?? REAL_DISK;
  return {
    disk,
    processes: { self: '1 1 test', isAlive: () => false },
    now: () => TEST_TIME,
    openRepository: (url) => openTestSource(url),
    startExecutor: () => inlineExecutor(disk),
    progress: SILENT,
    warn: () => {},
    parallel: 4,
    ...ports,
  };
}

/** Descriptors that this process has open below temporary folders; the others are the test runner's own business. */
export function openHandles(): number {
  const targetOf = (name: string): string => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`);
    } catch {
      // The one that the list itself was read with.
      return '';
    }
  };
  return readdirSync('/proc/self/fd').filter((name) => targetOf(name).includes(PREFIX)).length;
}

/** The code of the error that `action` throws, for tests of what is refused. */
export async function codeOf(action: () => unknown): Promise<unknown> {
  try {
    await action();
    return undefined;
  } catch (error) {
    return (error as { code?: unknown }).code ?? error;
  }
}
