import { bytesOf, type Digest, escapeField, type RepoPath, sha256 } from '@swupd/shared';
import { type Entry, type Manifest, sameEntry } from './entry.ts';
import { formatEntry, parseEntry } from './entry-line.ts';
import { FormatError } from './format-error.ts';
import { badLine, HeaderReader, type Line, parseText, readBody, readHeader } from './line-reader.ts';
import { formatManifest } from './manifest-codec.ts';

const MAGIC = 'swupd-difference';
const FORMAT = 1;

/** A manifest together with the digest of its bytes. */
export interface KnownManifest {
  readonly manifest: Manifest;
  readonly digest: Digest;
}

/** The bytes of the difference that turns one manifest of a bundle into another. `manifests/spec/difference.md`. */
export function formatDifference(from: KnownManifest, to: KnownManifest): Buffer {
  const body = differenceLines(from.manifest.entries, to.manifest.entries);
  const head = [
    `${MAGIC}\t${FORMAT}`,
    `bundle\t${to.manifest.bundle}`,
    `from\t${from.digest}`,
    `to\t${to.digest}`,
    `version\t${to.manifest.version}`,
    `lines\t${body.length}`,
    '',
  ];
  return bytesOf([...head, ...body, ''].join('\n'));
}

/**
 * The manifest that `difference` (verified bytes) makes out of `from`, with its own bytes, whose digest is checked.
 * @throws FormatError `bad-manifest`, `unknown-format`, `difference-mismatch`
 */
export function applyDifference(
  from: KnownManifest,
  difference: Uint8Array,
): { manifest: Manifest; bytes: Buffer } {
  const header = readHeader(difference, MAGIC, FORMAT);
  const fields = new HeaderReader(header);
  const bundle = fields.bundle();
  const start = fields.digest('from');
  const end = fields.digest('to');
  const version = fields.integer('version');
  const count = fields.integer('lines');
  fields.end();
  if (bundle !== from.manifest.bundle || start !== from.digest) {
    throw new FormatError('difference-mismatch', `the difference belongs to another manifest of ${bundle}`);
  }
  const merged = mergeLines(from.manifest.entries, readBody(header, count));
  if (merged.lines !== count) {
    throw new FormatError('bad-manifest', `${MAGIC}: ${merged.lines} lines where the header says ${count}`);
  }
  if (merged.entries.some((entry) => entry.version > version)) {
    throw new FormatError('bad-manifest', `${MAGIC}: an entry is newer than its manifest`);
  }
  const manifest = { bundle, version, entries: merged.entries };
  const bytes = formatManifest(manifest);
  if (sha256(bytes) !== end)
    throw new FormatError(
      'difference-mismatch',
      `the difference of ${bundle} gives another manifest than announced`,
    );
  return { manifest, bytes };
}

function differenceLines(olds: readonly Entry[], news: readonly Entry[]): string[] {
  const lines: string[] = [];
  let next = 0;
  const dropBefore = (limit: RepoPath | undefined): void => {
    for (
      let old = olds[next];
      old !== undefined && (limit === undefined || old.path < limit);
      old = olds[++next]
    ) {
      lines.push(`-\t${escapeField(old.path)}`);
    }
  };
  for (const entry of news) {
    dropBefore(entry.path);
    const old = olds[next]?.path === entry.path ? olds[next++] : undefined;
    if (old === undefined || !isSameLine(old, entry)) lines.push(`+\t${formatEntry(entry)}`);
  }
  dropBefore(undefined);
  return lines;
}

function isSameLine(a: Entry, b: Entry): boolean {
  return a === b || (a.version === b.version && sameEntry(a, b) && sameSizes(a, b));
}

function sameSizes(a: Entry, b: Entry): boolean {
  if (a.type !== 'file' || b.type !== 'file') return true;
  return a.size === b.size && a.storedSize === b.storedSize;
}

/** Merges the sorted old entries with the lines of a difference, which must be sorted too. */
function mergeLines(olds: readonly Entry[], lines: Iterable<Line>): { entries: Entry[]; lines: number } {
  const merged: Entry[] = [];
  let next = 0;
  let count = 0;
  let before = '';
  for (const line of lines) {
    const [sign, ...fields] = line.fields;
    const added = sign === '+' ? parseEntry({ ...line, fields }) : undefined;
    if (added === undefined && (sign !== '-' || fields.length !== 1))
      throw badLine(line, "the line starts with neither '+' nor '-'");
    const path = added?.path ?? parseText(fields[0], line);
    if (path <= before) throw badLine(line, 'the lines are not sorted by path, or one path comes twice');
    before = path;
    count++;
    for (let old = olds[next]; old !== undefined && old.path < path; old = olds[++next]) merged.push(old);
    if (olds[next]?.path === path) next++;
    else if (added === undefined) throw badLine(line, 'the path to remove is not there');
    if (added !== undefined) merged.push(added);
  }
  for (let old = olds[next]; old !== undefined; old = olds[++next]) merged.push(old);
  return { entries: merged, lines: count };
}
