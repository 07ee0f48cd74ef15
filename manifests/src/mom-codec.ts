import { type BundleName, bytesOf, escapeField, isBundleName, LIMITS } from '@swupd/shared';
import { FormatError } from './format-error.ts';
import {
  badLine,
  fieldsOf,
  HeaderReader,
  type Line,
  parseDigest,
  parseInteger,
  parseText,
  readBody,
  readHeader,
} from './line-reader.ts';
import type { DifferenceRef, DocumentRef, Mom, MomBundle, PackRef } from './mom.ts';

const MAGIC = 'swupd-mom';
export const MOM_FORMAT = 1;

/** The bytes of a MoM, which the build key signs. `manifests/spec/mom.md`. */
export function formatMom(mom: Mom): Buffer {
  const lines = [
    `${MAGIC}\t${MOM_FORMAT}`,
    `version\t${mom.version}`,
    `previous\t${mom.previous}`,
    `time\t${mom.time}`,
    `bundles\t${mom.bundles.length}`,
    '',
    ...mom.bundles.flatMap(formatBundle),
    '',
  ];
  return bytesOf(lines.join('\n'));
}

/**
 * The MoM in `bytes`, whose signature has been verified.
 * @throws FormatError `bad-manifest`, `unknown-format`
 */
export function parseMom(bytes: Uint8Array): Mom {
  const header = readHeader(bytes, MAGIC, MOM_FORMAT);
  const fields = new HeaderReader(header);
  const version = fields.integer('version');
  const previous = fields.integer('previous');
  const time = fields.integer('time');
  const count = fields.integer('bundles');
  fields.end();
  if (count > LIMITS.bundles)
    throw new FormatError('bad-manifest', `${MAGIC}: ${count} bundles; the limit is ${LIMITS.bundles}`);
  const bundles: ReadBundle[] = [];
  for (const line of readBody(header)) {
    if (line.fields[0] !== 'bundle') readRef(line, bundles.at(-1));
    else if (bundles.length < count) bundles.push(parseBundle(line, version, bundles.at(-1)));
    else throw badLine(line, `more bundles than the ${count} that the header says`);
  }
  if (version === 0 || previous >= version)
    throw new FormatError('bad-manifest', `${MAGIC}: version ${version} after ${previous}`);
  if (bundles.length !== count) {
    throw new FormatError(
      'bad-manifest',
      `${MAGIC}: ${bundles.length} bundles where the header says ${count}`,
    );
  }
  checkNames(bundles);
  return { version, previous, time, bundles };
}

function formatBundle(bundle: MomBundle): string[] {
  const head = [
    'bundle',
    bundle.name,
    bundle.version,
    ...documentFields(bundle.manifest),
    bundle.entries,
    bundle.contentSize,
    formatNames(bundle.includes),
    formatNames(bundle.alsoAdd),
    escapeField(bundle.description),
  ];
  return [
    head.join('\t'),
    ...bundle.packs.map((pack) => ['pack', pack.from, pack.digest, pack.size].join('\t')),
    ...bundle.differences.map(({ from, document }) =>
      ['difference', from, ...documentFields(document)].join('\t'),
    ),
    ...(bundle.deltaIndex === undefined ? [] : [['deltas', ...documentFields(bundle.deltaIndex)].join('\t')]),
  ];
}

/** A bundle while the lines behind its own are read. A copy for each would take forever where a hostile MoM has a million. */
interface ReadBundle extends MomBundle {
  readonly packs: PackRef[];
  readonly differences: DifferenceRef[];
  deltaIndex: DocumentRef | undefined;
}

function parseBundle(line: Line, build: number, before: MomBundle | undefined): ReadBundle {
  const fields = fieldsOf(line, 12);
  const name = parseName(fields[1], line);
  if (before !== undefined && before.name >= name)
    throw badLine(line, 'the bundles are not sorted by name, or one comes twice');
  return {
    name,
    version: parseInteger(fields[2], line, build),
    manifest: parseDocument(fields.slice(3, 7), line),
    entries: parseInteger(fields[7], line, LIMITS.entries),
    contentSize: parseInteger(fields[8], line),
    includes: parseNames(fields[9], line),
    alsoAdd: parseNames(fields[10], line),
    description: parseText(fields[11], line),
    packs: [],
    differences: [],
    deltaIndex: undefined,
  };
}

/** Adds what a `pack`, `difference` or `deltas` line says to `bundle`. The three kinds come in this order. */
function readRef(line: Line, bundle: ReadBundle | undefined): void {
  if (bundle === undefined) throw badLine(line, 'the first line of the body is no bundle');
  switch (line.fields[0]) {
    case 'pack': {
      const [, from, digest, size] = fieldsOf(line, 4);
      const pack = {
        from: parseInteger(from, line),
        digest: parseDigest(digest, line),
        size: parseInteger(size, line),
      };
      requireOrder(pack, bundle.packs.at(-1), bundle, line);
      if (bundle.differences.length > 0 || bundle.deltaIndex) throw badLine(line, 'the pack comes too late');
      bundle.packs.push(pack);
      return;
    }
    case 'difference': {
      const fields = fieldsOf(line, 6);
      const difference = {
        from: parseInteger(fields[1], line),
        document: parseDocument(fields.slice(2), line),
      };
      requireOrder(difference, bundle.differences.at(-1), bundle, line);
      if (bundle.deltaIndex) throw badLine(line, 'the difference comes too late');
      bundle.differences.push(difference);
      return;
    }
    case 'deltas':
      if (bundle.deltaIndex) throw badLine(line, 'the bundle has two lists of deltas');
      bundle.deltaIndex = parseDocument(fieldsOf(line, 5).slice(1), line);
      return;
    default:
      throw badLine(line, `'${parseText(line.fields[0], line)}' is no kind of line`);
  }
}

function requireOrder(
  ref: PackRef | DifferenceRef,
  before: PackRef | DifferenceRef | undefined,
  bundle: MomBundle,
  line: Line,
): void {
  if (ref.from >= bundle.version) throw badLine(line, 'the line starts from a version that is not older');
  if (before !== undefined && before.from >= ref.from)
    throw badLine(line, 'the lines are not sorted by version');
}

function documentFields(document: DocumentRef): (string | number)[] {
  return [document.digest, document.size, document.storedDigest, document.storedSize];
}

function parseDocument(fields: readonly string[], line: Line): DocumentRef {
  const [digest, size, storedDigest, storedSize] = fields;
  return {
    digest: parseDigest(digest, line),
    size: parseInteger(size, line, LIMITS.document),
    storedDigest: parseDigest(storedDigest, line),
    storedSize: parseInteger(storedSize, line, LIMITS.document),
  };
}

function formatNames(names: readonly BundleName[]): string {
  return names.length === 0 ? '-' : names.join(',');
}

function parseNames(field: string | undefined, line: Line): BundleName[] {
  if (field === '-') return [];
  const names = (field ?? '').split(',').map((name) => parseName(name, line));
  if (names.some((name, i) => i > 0 && (names[i - 1] ?? '') >= name))
    throw badLine(line, 'the names are not sorted');
  return names;
}

function parseName(text: string | undefined, line: Line): BundleName {
  if (text === undefined || !isBundleName(text))
    throw badLine(line, `'${parseText(text, line)}' is no name of a bundle`);
  return text;
}

function checkNames(bundles: readonly MomBundle[]): void {
  const known = new Set(bundles.map((bundle) => bundle.name));
  for (const bundle of bundles) {
    const missing = [...bundle.includes, ...bundle.alsoAdd].find((name) => !known.has(name));
    if (missing !== undefined)
      throw new FormatError(
        'bad-manifest',
        `${MAGIC}: bundle ${bundle.name} includes ${missing}, which the build does not have`,
      );
  }
}
