import { type Digest, type FileName, isDigest } from '@swupd/shared';
import { type Directory, ownName, removeIfThere } from '../disk/index.ts';
import type { PackRange } from '../plan/plan-ranges.ts';

/** Where a range of a pack lies in the folder of downloads. */
export interface RangePlace {
  readonly file: string;
  /** Where in the file the range begins. */
  readonly offset: number;
}

/** The file that a whole pack is downloaded to. */
export function packFile(pack: Digest): string {
  return `pack-${pack}`;
}

/** The file that a range of a pack is downloaded to. */
export function rangeFile(pack: Digest, { offset, length }: PackRange): string {
  return `pack-${pack}-${offset}-${length}`;
}

/**
 * The complete download that has all of a range: an earlier run may have fetched more of the pack than is needed by now. Its bytes
 * are no better verified than those of a download.
 */
export function findRange(
  downloads: Directory,
  pack: { readonly digest: Digest; readonly size: number },
  range: PackRange,
): RangePlace | undefined {
  const end = range.offset + range.length;
  const files = [...rangeFiles(downloads, pack.digest), wholeFile(pack)];
  const found = files.find(
    ({ name, offset, length }) =>
      offset <= range.offset && end <= offset + length && downloads.lookup(name)?.size === length,
  );
  return found === undefined ? undefined : { file: found.name, offset: range.offset - found.offset };
}

/** Bytes of whole packs that an earlier run has left: all of one, or its beginning. Unverified. */
export function begunPacks(downloads: Directory): Map<Digest, number> {
  const begun = new Map<Digest, number>();
  for (const name of downloads.list()) {
    const digest = BEGUN_PACK.exec(name)?.[1];
    if (digest === undefined || !isDigest(digest)) continue;
    begun.set(digest, Math.max(begun.get(digest) ?? 0, downloads.lookup(name)?.size ?? 0));
  }
  return begun;
}

const BEGUN_PACK = /^pack-([0-9a-f]+)(?:\.part)?$/;

/** Removes the complete ranges of a pack; what is good of them is in the cache. */
export function removeRanges(downloads: Directory, pack: Digest): void {
  for (const { name } of rangeFiles(downloads, pack)) removeIfThere(downloads, name);
}

interface RangeFile {
  readonly name: FileName;
  readonly offset: number;
  readonly length: number;
}

function wholeFile({ digest, size }: { readonly digest: Digest; readonly size: number }): RangeFile {
  return { name: ownName(packFile(digest)), offset: 0, length: size };
}

const RANGE_FILE = /^pack-([0-9a-f]+)-(\d{1,15})-(\d{1,15})$/;

function rangeFiles(downloads: Directory, pack: Digest): RangeFile[] {
  return downloads.list().flatMap((name) => {
    const [, digest = '', offset, length] = RANGE_FILE.exec(name) ?? [];
    if (!isDigest(digest) || digest !== pack) return [];
    return [{ name, offset: Number(offset), length: Number(length) }];
  });
}
