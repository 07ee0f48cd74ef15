import type { Entry, PathClass } from '@swupd/manifests';
import { type Digest, type RepoPath, utf8ByteString } from '@swupd/shared';
import { type FileStamp, formatStamps, parseStamps } from '../cache/file-stamps.ts';
import type { Image, ImageBundle } from '../image/find-bundles.ts';
import { pathClassifier } from '../plan/path-classes.ts';
import type { ScannedNode } from '../scan/walk-bundle.ts';
import type { BuildContext } from './build-context.ts';
import { inBatches } from './task-pool.ts';

/**
 * A bundle as its folder shows it. The entries are drafts: they carry the new build's version, and stored sizes that are the
 * plain ones.
 */
export interface ScannedBundle {
  readonly bundle: ImageBundle;
  readonly entries: readonly Entry[];
}

/** A file of the image that has some content. */
export interface BlobSource {
  /** Byte string. */
  readonly path: string;
  readonly size: number;
}

export interface ScannedTrees {
  readonly bundles: readonly ScannedBundle[];
  readonly sources: ReadonlyMap<Digest, BlobSource>;
}

export interface ScanOptions {
  readonly version: number;
  /** Milliseconds since 1970. */
  readonly started: number;
  /** Read every file, whatever its stamp says. */
  readonly rehash: boolean;
}

type FileNode = Extract<ScannedNode, { type: 'file' }>;

interface Walked {
  readonly bundle: ImageBundle;
  /** Byte string. */
  readonly folder: string;
  readonly nodes: readonly ScannedNode[];
  /** For each further name of an inode, the first. */
  readonly links: ReadonlyMap<RepoPath, RepoPath>;
}

const BATCH = { bytes: 32 * 1024 * 1024, count: 500 };

/**
 * Walks all bundles and hashes every file that is not known by its stamp, in worker threads.
 * @throws BuildError `unsupported-file`, `image-changed`
 */
export async function scanTrees(
  image: Image,
  context: BuildContext,
  options: ScanOptions,
): Promise<ScannedTrees> {
  const walked = await walkAll(image, context, options);
  const known = await readStamps(walked, context, options);
  const digests = await hashAll(walked, known, context);
  await context.cache.write(
    walked.map((tree, i) => [stampsKey(tree), newStamps(tree, digests[i] ?? new Map())]),
  );
  return assemble(walked, digests, { version: options.version, classOf: pathClassifier(image.classes) });
}

async function walkAll(image: Image, { pool }: BuildContext, { started }: ScanOptions): Promise<Walked[]> {
  const requests = image.bundles.map(({ folder }) => ({
    request: { folder: folder === undefined ? undefined : utf8ByteString(folder), started },
    bytes: 0,
    memory: 0,
  }));
  const trees = await pool.runAll('walkBundle', requests);
  return image.bundles.map((bundle, i) => {
    const nodes = trees[i] ?? [];
    return { bundle, folder: utf8ByteString(bundle.folder ?? ''), nodes, links: linksOf(nodes) };
  });
}

/** Nodes are sorted by path, so the first name of an inode is the first in byte order. */
function linksOf(nodes: readonly ScannedNode[]): Map<RepoPath, RepoPath> {
  const first = new Map<string, RepoPath>();
  const links = new Map<RepoPath, RepoPath>();
  for (const node of nodes) {
    if (node.type !== 'file' || node.inode === undefined) continue;
    const other = first.get(node.inode);
    if (other === undefined) first.set(node.inode, node.path);
    else links.set(node.path, other);
  }
  return links;
}

async function readStamps(
  walked: readonly Walked[],
  { cache }: BuildContext,
  { rehash }: ScanOptions,
): Promise<ReadonlyMap<string, FileStamp>[]> {
  if (rehash) return walked.map(() => new Map());
  const texts = await cache.read(walked.map(stampsKey));
  return texts.map(parseStamps);
}

function stampsKey({ bundle }: Walked): string {
  return `stamps:${bundle.name}`;
}

/** The digest of every file that is no further name of another, by path, for each bundle. */
async function hashAll(
  walked: readonly Walked[],
  known: readonly ReadonlyMap<string, FileStamp>[],
  { pool, progress }: BuildContext,
): Promise<Map<RepoPath, Digest>[]> {
  const digests = walked.map(() => new Map<RepoPath, Digest>());
  const batches = walked.flatMap((tree, i) => {
    const unknown: FileNode[] = [];
    for (const node of ownFiles(tree)) {
      const stamp = known[i]?.get(node.path);
      if (stamp?.stamp === node.stamp) digests[i]?.set(node.path, stamp.digest);
      else unknown.push(node);
    }
    return inBatches(unknown, ({ size }) => size, BATCH).map(({ items, bytes }) => ({
      tree,
      i,
      items,
      bytes,
    }));
  });
  const total = batches.reduce((sum, { bytes }) => sum + bytes, 0);
  let done = 0;
  progress.report({ stage: 'scan', done, total, unit: 'bytes' });
  const requests = batches.map(({ tree, items, bytes }) => ({
    request: { folder: tree.folder, files: items.map(({ path, stamp }) => ({ path, stamp })) },
    bytes,
    memory: 0,
  }));
  const results = await pool.runAll('hashFiles', requests, (bytes) => {
    done += bytes;
    progress.report({ stage: 'scan', done, total, unit: 'bytes' });
  });
  for (const [at, { i, items }] of batches.entries()) {
    for (const [k, digest] of (results[at] ?? []).entries()) {
      const path = items[k]?.path;
      if (path !== undefined) digests[i]?.set(path, digest);
    }
  }
  progress.finish('scan');
  return digests;
}

function ownFiles({ nodes, links }: Walked): FileNode[] {
  return nodes.filter((node): node is FileNode => node.type === 'file' && !links.has(node.path));
}

function newStamps(tree: Walked, digests: ReadonlyMap<RepoPath, Digest>): string {
  const stamps = ownFiles(tree).flatMap(({ path, stamp, recent }): FileStamp[] => {
    const digest = digests.get(path);
    return recent || digest === undefined ? [] : [{ path, stamp, digest }];
  });
  return formatStamps(stamps);
}

function assemble(
  walked: readonly Walked[],
  digests: readonly ReadonlyMap<RepoPath, Digest>[],
  { version, classOf }: { version: number; classOf: (path: RepoPath) => PathClass },
): ScannedTrees {
  const sources = new Map<Digest, BlobSource>();
  const bundles = walked.map(({ bundle, folder, nodes, links }, i): ScannedBundle => {
    const entries = nodes.map((node): Entry => {
      const { path, uid, gid, xattrs, mode } = node;
      const base = { path, uid, gid, pathClass: classOf(path), version, xattrs };
      if (node.type === 'directory') return { ...base, type: 'directory', mode };
      if (node.type === 'symlink') return { ...base, type: 'symlink', target: node.target };
      const linkTo = links.get(path);
      const digest = digests[i]?.get(linkTo ?? path);
      if (digest === undefined) throw new TypeError('a file has no digest');
      const { size } = node;
      if (!sources.has(digest)) sources.set(digest, { path: `${folder}/${path}`, size });
      return { ...base, type: 'file', mode, size, storedSize: size, digest, linkTo };
    });
    return { bundle, entries };
  });
  return { bundles, sources };
}
