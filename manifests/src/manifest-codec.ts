import { bytesOf, LIMITS } from '@swupd/shared';
import type { Entry, Manifest } from './entry.ts';
import { formatEntry, parseEntry } from './entry-line.ts';
import { FormatError } from './format-error.ts';
import { badLine, HeaderReader, readBody, readHeader } from './line-reader.ts';

const MAGIC = 'swupd-manifest';
export const MANIFEST_FORMAT = 1;

/** The bytes of a bundle manifest. `manifests/spec/manifest.md`. */
export function formatManifest(manifest: Manifest): Buffer {
  const lines = [
    `${MAGIC}\t${MANIFEST_FORMAT}`,
    `bundle\t${manifest.bundle}`,
    `version\t${manifest.version}`,
    `entries\t${manifest.entries.length}`,
    '',
    ...manifest.entries.map(formatEntry),
    '',
  ];
  return bytesOf(lines.join('\n'));
}

/**
 * The manifest in `bytes`, which have been verified against a signed digest.
 * @throws FormatError `bad-manifest`, `unknown-format`
 */
export function parseManifest(bytes: Uint8Array): Manifest {
  const header = readHeader(bytes, MAGIC, MANIFEST_FORMAT);
  const fields = new HeaderReader(header);
  const bundle = fields.bundle();
  const version = fields.integer('version');
  const count = fields.integer('entries');
  fields.end();
  if (count > LIMITS.entries)
    throw new FormatError('bad-manifest', `${MAGIC}: ${count} entries; the limit is ${LIMITS.entries}`);
  const entries: Entry[] = [];
  for (const line of readBody(header, count)) {
    const entry = parseEntry(line);
    const before = entries.at(-1);
    if (before !== undefined && before.path >= entry.path)
      throw badLine(line, 'the entries are not sorted by path, or one comes twice');
    if (entry.version > version) throw badLine(line, 'the entry is newer than its manifest');
    entries.push(entry);
  }
  if (entries.length !== count) {
    throw new FormatError(
      'bad-manifest',
      `${MAGIC}: ${entries.length} entries where the header says ${count}`,
    );
  }
  return { bundle, version, entries };
}
