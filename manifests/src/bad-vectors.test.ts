// One bad document for each defect: a golden vector with one thing changed. What counts is the code.
import { readFileSync } from 'node:fs';
import { type BundleName, bytesOf, compressFrame, LIMITS, sha256 } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { parseDeltaIndex } from './delta-index-codec.ts';
import { applyDifference } from './difference.ts';
import { FormatError } from './format-error.ts';
import { blobsOf } from './manifest-blobs.ts';
import { parseManifest } from './manifest-codec.ts';
import { parseMom } from './mom-codec.ts';
import { PACK_PREFIX_SIZE, packHeadSize, parsePackHead } from './pack-codec.ts';

type Row = readonly [defect: string, change: (text: string) => string, code?: string];

const DIGEST = '0'.repeat(64);
const BAD = 'bad-manifest';

/** Defects that every document can have. */
const ENVELOPE: readonly Row[] = [
  ['empty', () => ''],
  ['only an empty line', () => '\n'],
  ['last line feed missing', (text) => text.slice(0, -1)],
  ['truncated in the header', (text) => text.slice(0, text.indexOf('\n') + 1)],
  ['truncated in the middle of a line', (text) => text.slice(0, -20)],
  ['last line missing', (text) => `${text.slice(0, -1).replace(/\n[^\n]*$/, '')}\n`],
  ['empty line at the end', (text) => `${text}\n`],
  ['line of text at the end', (text) => `${text}garbage\n`],
  ['NUL bytes at the end', (text) => `${text}\0\0\0`],
  ['carriage returns', (text) => text.replaceAll('\n', '\r\n'), 'unknown-format'],
  ['carriage returns behind the first line', (text) => text.replaceAll('\n', '\r\n').replace('\r', '')],
  ['byte order mark', (text) => `\xef\xbb\xbf${text}`],
  ['other magic', (text) => text.replace(/^swupd-\w+/, 'swupd-other')],
  ['a third field in the first line', (text) => text.replace('\t1\n', '\t1\t1\n')],
  ['no format number', (text) => text.replace('\t1\n', '\n')],
  ['format 2', (text) => text.replace('\t1\n', '\t2\n'), 'unknown-format'],
  ['format 01', (text) => text.replace('\t1\n', '\t01\n'), 'unknown-format'],
  ['second header line missing', (text) => text.replace(/\n[^\n]*/, '')],
  ['last header line missing', (text) => text.replace(/\n[^\n]*\n\n/, '\n\n')],
  ['one more header line', (text) => text.replace('\n\n', '\nmore\t1\n\n')],
  ['a header line twice', (text) => text.replace(/\n([^\n]*)\n\n/, '\n$1\n$1\n\n')],
  ['header line with another key', (text) => text.replace(/\n\w+\t([^\n]*)\n\n/, '\nother\t$1\n\n')],
  ['header line with two values', (text) => text.replace('\n\n', '\t1\n\n')],
  ['header line without value', (text) => text.replace(/\t[^\n]*\n\n/, '\n\n')],
  ['header without end', (text) => text.replace('\n\n', '\n')],
  ['count one too high', (text) => text.replace(/\t(\d+)\n\n/, (_, count) => `\t${Number(count) + 1}\n\n`)],
  ['count one too low', (text) => text.replace(/\t(\d+)\n\n/, (_, count) => `\t${Number(count) - 1}\n\n`)],
  ['count 01', (text) => text.replace(/\t(\d+)\n\n/, '\t0$1\n\n')],
  ['count -1', (text) => text.replace(/\t\d+\n\n/, '\t-1\n\n')],
  ['count 1e0', (text) => text.replace(/\t(\d+)\n\n/, '\t$1e0\n\n')],
  ['count with a blank', (text) => text.replace(/\t(\d+)\n\n/, '\t $1\n\n')],
  ['count 2^53', (text) => text.replace(/\t\d+\n\n/, '\t9007199254740992\n\n')],
  ['bundle name with a slash', (text) => text.replace(/\t(editors|docs)/, '\t../$1')],
  ['a line that is too long', (text) => `${text}${'x'.repeat(LIMITS.line + 1)}\n`],
];

const EDIT = 'usr/bin/edit\t-';
const line = (text: string, path: string): string =>
  new RegExp(`\n([^\n]*\t${path}\t[^\n]*)`).exec(text)?.[1] ?? 'none';
/** Changes field number `index` of the line of `path`. */
const field =
  (path: string, index: number, value: string) =>
  (text: string): string => {
    const old = line(text, path);
    const fields = old.split('\t');
    fields[index] = value;
    return text.replace(old, fields.join('\t'));
  };
const editField = (index: number, value: string) => field('usr/bin/edit', index, value);

const MANIFEST: readonly Row[] = [
  ['unsorted', (text) => swap(text, line(text, 'etc/edit.conf'), line(text, 'usr/bin/edit'))],
  ['a path twice', (text) => text.replace(line(text, 'usr/bin/view'), line(text, 'usr/bin/vi'))],
  ['path with ..', (text) => text.replace('etc/edit.conf', 'etc/../edit.conf')],
  ['path with .', (text) => text.replace('etc/edit.conf', 'etc/./edit.conf')],
  ['path with an empty component', (text) => text.replace('etc/edit.conf', 'etc//edit.conf')],
  ['path with a slash at the end', (text) => text.replace('etc/edit.conf', 'etc/edit/')],
  ['absolute path', (text) => text.replace('etc/edit.conf', '/etc/edit.conf')],
  ['empty path', (text) => text.replace('etc/edit.conf', '')],
  ['path with NUL', (text) => text.replace('etc/edit.conf', 'etc/\\x00')],
  ['component of 256 bytes', (text) => text.replace('etc/edit.conf', `etc/${'n'.repeat(256)}`)],
  [
    'path of 4096 bytes',
    (text) => text.replace('etc/edit.conf', `etc${'/d'.repeat(2047)}`.slice(0, 4096).padEnd(4096, 'x')),
  ],
  ['escape of a byte that needs none', (text) => text.replace('etc/edit', 'etc/\\x65dit')],
  ['escape in upper case', (text) => text.replace('\\x5c', '\\x5C')],
  ['escape that is cut off', (text) => text.replace('\\x5c', '\\x5')],
  ['other escape', (text) => text.replace('\\x09', '\\t')],
  ['lone backslash', (text) => text.replace('\\x5c', '\\')],
  ['control byte as it is', (text) => text.replace('\\x09', '\x01')],
  ['DEL as it is', (text) => text.replace('\\x09', '\x7f')],
  ['a field too many', (text) => text.replace(EDIT, `${EDIT}\t-`)],
  ['a field too few', (text) => text.replace(`${EDIT}\t`, EDIT)],
  ['unknown type', editField(0, 'x')],
  ['empty type', editField(0, '')],
  ['type in upper case', editField(0, 'F')],
  ['mode 8', editField(1, '8')],
  ['mode 10000', editField(1, '10000')],
  ['mode 0644', editField(1, '0644')],
  ['mode 0o644', editField(1, '0o644')],
  ['mode -', editField(1, '-')],
  ['empty mode', editField(1, '')],
  ['uid 01', editField(2, '01')],
  ['uid -1', editField(2, '-1')],
  ['uid +1', editField(2, '+1')],
  ['uid 1e3', editField(2, '1e3')],
  ['uid 0x1', editField(2, '0x1')],
  ['uid 1.0', editField(2, '1.0')],
  ['uid 2^32 - 1', editField(2, '4294967295')],
  ['empty uid', editField(2, '')],
  ['gid 2^32 - 1', editField(3, '4294967295')],
  ['unknown class', editField(4, 'x')],
  ['empty class', editField(4, '')],
  ['version above the manifest’s', editField(5, '21')],
  ['version 2^53', editField(5, '9007199254740992')],
  ['version 20 digits', editField(5, '1'.repeat(20))],
  ['size above the limit', editField(6, String(LIMITS.fileSize + 1))],
  ['size -', editField(6, '-')],
  ['stored size above size', editField(7, '27')],
  ['digest in upper case', (text) => text.replaceAll(/be1371\w+/g, (digest) => digest.toUpperCase())],
  ['digest of 63 digits', editField(8, '0'.repeat(63))],
  ['digest -', editField(8, '-')],
  ['file with a link', editField(10, 'etc/edit.conf')],
  ['hard link to a later path', field('usr/bin/vi', 10, 'usr/bin/view')],
  ['hard link to itself', field('usr/bin/vi', 10, 'usr/bin/vi')],
  ['hard link to nothing', field('usr/bin/vi', 10, '')],
  ['hard link out of the root', field('usr/bin/vi', 10, '../etc/passwd')],
  ['link with a mode', field('usr/bin/view', 1, '777')],
  ['link with a size', field('usr/bin/view', 6, '0')],
  ['link with a digest', field('usr/bin/view', 8, DIGEST)],
  ['link without target', field('usr/bin/view', 10, '')],
  ['link target with NUL', field('usr/bin/view', 10, 'a\\x00')],
  ['link target of 4096 bytes', field('usr/bin/view', 10, 'x'.repeat(4096))],
  ['directory with a link', (text) => field('usr/bin/view', 0, 'd')(field('usr/bin/view', 1, '755')(text))],
  ['attributes empty', editField(11, '')],
  ['attribute without value', editField(11, 'user.a')],
  ['attribute without name', editField(11, '=00')],
  ['attribute with half a byte', editField(11, 'user.a=0')],
  ['attribute in upper case', editField(11, 'user.a=FF')],
  ['attribute with two values', editField(11, 'user.a=00=00')],
  ['attribute name with NUL', editField(11, 'user.\\x00=00')],
  ['attribute name of 256 bytes', editField(11, `${'a'.repeat(256)}=00`)],
  ['attribute name with another escape', editField(11, 'user.\\x61=00')],
  ['attributes unsorted', editField(11, 'user.b=00,user.a=00')],
  ['an attribute twice', editField(11, 'user.a=00,user.a=00')],
  ['comma at the end of the attributes', editField(11, 'user.a=00,')],
];

const MOM: readonly Row[] = [
  ['version 0', (text) => text.replace('version\t20', 'version\t0').replace('previous\t10', 'previous\t0')],
  ['previous not below version', (text) => text.replace('previous\t10', 'previous\t20')],
  [
    'bundle from the future',
    (text) => text.replace('\neditors\t20', '').replace('editors\t20', 'editors\t21'),
  ],
  ['bundles unsorted', (text) => text.replace('os-core\t10', 'alpha\t10')],
  ['a bundle twice', (text) => text.replace('os-core\t10', 'editors\t10')],
  ['bundle name MoM', (text) => text.replace('os-core\t10', 'MoM\t10')],
  ['bundle name full', (text) => text.replace('os-core\t10', 'full\t10')],
  ['bundle name ..', (text) => text.replace('os-core\t10', '..\t10')],
  ['bundle name of 101 letters', (text) => text.replace('os-core\t10', `${'z'.repeat(101)}\t10`)],
  ['empty bundle name', (text) => text.replace('os-core\t10', '\t10')],
  ['includes an unknown bundle', (text) => text.replace('-\teditors\t\n', 'unknown\teditors\t\n')],
  ['also-adds an unknown bundle', (text) => text.replace('-\teditors\t\n', '-\tunknown\t\n')],
  ['includes unsorted', (text) => text.replace('-\teditors\t\n', 'os-core,editors\t-\t\n')],
  ['includes one twice', (text) => text.replace('-\teditors\t\n', 'editors,editors\t-\t\n')],
  ['includes empty', (text) => text.replace('-\teditors\t\n', '\teditors\t\n')],
  ['description with another escape', (text) => text.replace('Text', '\\x54ext')],
  ['a field too few', (text) => text.replace('\t-\teditors\t\n', '\teditors\t\n')],
  ['document of another size', (text) => text.replace('\t681\t', `\t${LIMITS.document + 1}\t`)],
  ['more entries than allowed', (text) => text.replace('\t5\t', `\t${LIMITS.entries + 1}\t`)],
  ['unknown line', (text) => text.replace('\npack\t', '\nwhat\t')],
  ['pack before any bundle', (text) => text.replace('\n\n', `\n\npack\t0\t${DIGEST}\t1\n`)],
  ['pack twice', (text) => text.replace(/\n(pack[^\n]*)/, '\n$1\n$1')],
  ['packs unsorted', (text) => text.replace(/\n(pack[^\n]*)/, `\npack\t5\t${DIGEST}\t1\n$1`)],
  ['pack from the bundle’s own version', (text) => text.replace('pack\t0', 'pack\t20')],
  ['pack after a difference', (text) => text.replace('\ndeltas', `\npack\t1\t${DIGEST}\t1\ndeltas`)],
  [
    'pack after the deltas',
    (text) => text.replace('\nbundle\tos-core', `\npack\t1\t${DIGEST}\t1\nbundle\tos-core`),
  ],
  ['difference after the deltas', (text) => swap(text, lineOf(text, 'difference'), lineOf(text, 'deltas'))],
  ['difference twice', (text) => text.replace(/\n(difference[^\n]*)/, '\n$1\n$1')],
  ['difference from the bundle’s own version', (text) => text.replace('difference\t10', 'difference\t20')],
  ['deltas twice', (text) => text.replace(/\n(deltas[^\n]*)/, '\n$1\n$1')],
  ['pack with a field too many', (text) => text.replace(/\n(pack[^\n]*)/, '\n$1\t1')],
];

const DELTAS: readonly Row[] = [
  [
    'twice',
    (text) => text.replace('deltas\t1\n\n', 'deltas\t2\n\n').replace(/\n\n([^\n]*)\n/, '\n\n$1\n$1\n'),
  ],
  ['unsorted', (text) => `${text.replace('deltas\t1\n\n', 'deltas\t2\n\n')}${DIGEST}\t${DIGEST}\t1\t1\n`],
  ['stored size above size', (text) => text.replace('25\t25', '25\t26')],
  ['digest too short', (text) => text.replace('79cc', '79c')],
  ['a field too many', (text) => text.replace('25\t25', '25\t25\t25')],
  ['size above the limit', (text) => text.replace('25\t25', `${LIMITS.fileSize + 1}\t25`)],
];

const DIFFERENCE: readonly Row[] = [
  ['bundle of another name', (text) => text.replace('\teditors', '\tothers'), 'difference-mismatch'],
  ['from another manifest', (text) => text.replace(/from\t\w+/, `from\t${DIGEST}`), 'difference-mismatch'],
  ['to another manifest', (text) => text.replace(/to\t\w+/, `to\t${DIGEST}`), 'difference-mismatch'],
  ['another version', (text) => text.replace('version\t20', 'version\t21'), 'difference-mismatch'],
  ['an entry newer than the version', (text) => text.replace('version\t20', 'version\t19')],
  ['one changed entry', (text) => text.replace('\t4755\t', '\t755\t'), 'difference-mismatch'],
  ['line without sign', (text) => text.replace('\n+\tf', '\nf')],
  ['unknown sign', (text) => text.replace('\n+\tf', '\n~\tf')],
  ['removes what is not there', (text) => text.replace('-\tusr/old', '-\tusr/other')],
  ['removes twice', (text) => `${text.replace('lines\t5', 'lines\t6')}-\tusr/old\n`],
  ['removes with another escape', (text) => text.replace('-\tusr/old', '-\tusr/\\x6fld')],
  ['removes nothing', (text) => text.replace('-\tusr/old', '-\t')],
  ['removal with two fields', (text) => text.replace('-\tusr/old', '-\tusr/old\tx')],
  ['unsorted', (text) => text.replace(/(\n\n)([^\n]*\n)([^\n]*\n)/, '$1$3$2')],
  [
    'an added path twice',
    (text) => text.replace('lines\t5', 'lines\t6').replace(/(\n\n)([^\n]*\n)/, '$1$2$2'),
  ],
  ['entry that breaks the grammar', (text) => text.replace('\t4755\t', '\t04755\t')],
];

const PACK: readonly Row[] = [
  ['from not below to', (text) => text.replace('from\t10', 'from\t20'), 'bad-pack'],
  [
    'members smaller than their frame',
    (text) => text.replace('frame\t52\t385', 'frame\t52\t386'),
    'bad-pack',
  ],
  ['members larger than their frame', (text) => text.replace('frame\t52\t385', 'frame\t52\t384'), 'bad-pack'],
  ['frame stored larger than plain', (text) => text.replace('frame\t52\t', 'frame\t386\t')],
  ['member before any frame', (text) => text.replace(/frame\t52[^\n]*\n/, '')],
  ['unknown member', (text) => text.replace('full\t', 'what\t')],
  ['filtered member with a field too many', (text) => text.replace(/full(\t[^\n]*)/, 'x86$1\t1')],
  ['filtered member that the manifest does not have', (text) => text.replace(/full\t\d+/, 'x86\t3')],
  ['full member with a field too many', (text) => text.replace(/(full[^\n]*)/, '$1\t1')],
  ['delta member with a field too few', (text) => text.replace(/(delta\t[^\n]*)\t25/, '$1')],
  ['member number 2^53', (text) => text.replace(/full\t\d+/, 'full\t9007199254740992')],
  ['member number 01', (text) => text.replace(/full\t/, 'full\t0')],
  ['member that the manifest does not have', (text) => text.replace(/full\t\d+/, 'full\t3')],
  ['delta from what the older manifest does not have', (text) => text.replace(/(delta\t\d+)\t\d+/, '$1\t2')],
  ['delta length above the limit', (text) => text.replace('\t25\n', `\t${LIMITS.fileSize + 1}\n`)],
  [
    'no frame for the members',
    (text) => text.replace(/frame\t[^\n]*\n/, '').replace('frames\t1', 'frames\t0'),
  ],
];
/** The joint delta has blobs 0 and 2 of three on either side, and 53 bytes. */
const JOINT: readonly Row[] = [
  ['a field too few', (text) => text.replace('\t0,2\t53', '\t53')],
  ['a field too many', (text) => text.replace('2\t53\n', '2\t53\t1\n')],
  ['no target', (text) => text.replace('joint\t0,2', 'joint\t')],
  ['no source', (text) => text.replace('0,2\t53', '\t53')],
  ['target that the manifest does not have', (text) => text.replace('joint\t0,2', 'joint\t0,3')],
  ['source that the manifest does not have', (text) => text.replace('0,2\t53', '0,1,2\t53')],
  ['a target twice', (text) => text.replace('joint\t0,2', 'joint\t0,0')],
  ['a source twice', (text) => text.replace('0,2\t53', '0,2,0\t53')],
  ['targets that fall', (text) => text.replace('joint\t0,2', 'joint\t2,-2')],
  ['a number that is missing', (text) => text.replace('joint\t0,2', 'joint\t0,,2')],
  ['a comma at the end', (text) => text.replace('0,2\t53', '0,2,\t53')],
  ['a number 2^53', (text) => text.replace('joint\t0,2', 'joint\t0,9007199254740992')],
  ['numbers that overflow', (text) => text.replace('joint\t0,2', 'joint\t1,9007199254740991')],
  ['a number 02', (text) => text.replace('joint\t0,2', 'joint\t0,02')],
  ['length above the limit', (text) => text.replace('\t53\n', `\t${LIMITS.jointBytes + 1}\n`)],
  ['smaller than its frame', (text) => text.replace('2\t53\n', '2\t52\n'), 'bad-pack'],
];
const FROM = parseManifest(vector('manifest-editors-10.txt'));
const KNOWN = { manifest: FROM, digest: sha256(vector('manifest-editors-10.txt')) };
const BLOBS = { from: blobsOf(FROM), to: blobsOf(parseManifest(vector('manifest-editors-20.txt'))) };

type Parser = (bytes: Uint8Array) => unknown;
const applyToKnown: Parser = (bytes) => applyDifference(KNOWN, bytes);
const parsePackIndex: Parser = (bytes) => parsePackHead(packHead(bytes), BLOBS);
const DOCS = {
  from: blobsOf(parseManifest(vector('manifest-docs-10.txt'))),
  to: blobsOf(parseManifest(vector('manifest-docs-20.txt'))),
};
const parseJointIndex: Parser = (bytes) => parsePackHead(packHead(bytes), DOCS);

describe.each<[string, string, readonly Row[], Parser]>([
  ['manifest', 'manifest-editors-20.txt', MANIFEST, parseManifest],
  ['MoM', 'mom.txt', MOM, parseMom],
  ['delta index', 'deltas-editors-20.txt', DELTAS, parseDeltaIndex],
  ['difference', 'difference-editors-10-20.txt', DIFFERENCE, applyToKnown],
  ['pack index', 'pack-index-editors-10-20.txt', PACK, parsePackIndex],
  ['pack index with a joint delta', 'pack-index-docs-10-20.txt', JOINT, parseJointIndex],
])('a bad %s', (_, name, own, parse) => {
  const good = vector(name).toString('latin1');

  test('is refused where a good one is taken', () => {
    expect(() => parse(bytesOf(good))).not.toThrow();
  });

  test.each([...ENVELOPE, ...own].map(([defect, change, code]) => ({ defect, change, code })))(
    '$defect',
    ({ change, code }) => {
      const bad = change(good);
      expect(bad, 'the row changes nothing').not.toBe(good);
      const codes = code === undefined ? [BAD, 'bad-pack'] : [code];
      expect(codeOf(() => parse(bytesOf(bad)))).toBeOneOf(codes);
    },
  );
});

test.each<[string, (head: Buffer) => Uint8Array, string]>([
  ['empty', () => Buffer.alloc(0), 'bad-pack'],
  ['shorter than its prefix', (head) => head.subarray(0, PACK_PREFIX_SIZE - 1), 'bad-pack'],
  ['other magic', (head) => patch(head, 0, 0x73), 'bad-pack'],
  ['format 2', (head) => patch(head, 7, 0x32), 'unknown-format'],
  ['truncated', (head) => head.subarray(0, -1), 'bad-pack'],
  ['one byte too long', (head) => Buffer.concat([head, Buffer.alloc(1)]), 'bad-pack'],
  ['announces gigabytes stored', (head) => patch(head, 11, 0xff), 'bad-pack'],
  ['announces gigabytes plain', (head) => patch(head, 15, 0xff), 'bad-pack'],
  ['announces a byte less than it has', (head) => patch(head, 12, (head[12] ?? 0) - 1), 'bad-pack'],
  ['announces a byte more than it has', (head) => patch(head, 12, (head[12] ?? 0) + 1), 'bad-pack'],
  ['damaged frame', (head) => patch(head, PACK_PREFIX_SIZE, 0), 'bad-pack'],
  ['garbage behind the frame', (head) => withStored(Buffer.concat([head, Buffer.alloc(4)])), 'bad-pack'],
])('a bad head of a pack: %s', (_, change, code) => {
  const head = change(vector('pack-head-editors-10-20.bin'));
  expect(codeOf(() => [packHeadSize(head), parsePackHead(head, BLOBS)])).toBe(code);
});

test.each<[string, 'from' | 'to']>([
  ['starts from', 'from'],
  ['makes', 'to'],
])('a joint delta that %s more than a device should hold', (_, side) => {
  const half = LIMITS.jointBytes / 2;
  const sized = (last: number) => ({
    ...DOCS,
    [side]: DOCS[side].map((blob, number) => ({ ...blob, size: number === 2 ? last : half })),
  });
  const head = packHead(vector('pack-index-docs-10-20.txt'));
  expect(codeOf(() => parsePackHead(head, sized(half)))).toBe('none');
  expect(codeOf(() => parsePackHead(head, sized(half + 1)))).toBe(BAD);
});

test('every prefix of every document is refused', () => {
  const documents = [
    ['manifest-editors-20.txt', parseManifest],
    ['mom.txt', parseMom],
    ['deltas-editors-20.txt', parseDeltaIndex],
    ['difference-editors-10-20.txt', applyToKnown],
    ['pack-head-editors-10-20.bin', (bytes: Uint8Array) => parsePackHead(bytes, BLOBS)],
  ] as const;
  for (const [name, parse] of documents) {
    const bytes = vector(name);
    for (let length = 0; length < bytes.length; length++) {
      expect(codeOf(() => parse(bytes.subarray(0, length)))).toBeOneOf([BAD, 'bad-pack']);
    }
  }
});

test('more bundles than allowed', () => {
  const one = lineOf(vector('mom.txt').toString('latin1'), 'bundle\tos-core').replace('\teditors\t', '\t-\t');
  const count = LIMITS.bundles + 1;
  const lines = Array.from({ length: count }, (_, i) =>
    one.replace('os-core', `b${String(i).padStart(6, '0')}` as BundleName),
  );
  const text = `swupd-mom\t1\nversion\t20\nprevious\t10\ntime\t0\nbundles\t${count}\n\n${lines.join('\n')}\n`;
  expect(codeOf(() => parseMom(bytesOf(text)))).toBe(BAD);
});

/** The code of the `FormatError` that `action` throws. */
function codeOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    if (error instanceof FormatError) return error.code;
    throw error;
  }
  return 'none';
}

function vector(name: string): Buffer {
  return readFileSync(new URL(`../spec/vectors/${name}`, import.meta.url));
}

function packHead(index: Uint8Array): Buffer {
  const frame = compressFrame(index, 3);
  const prefix = Buffer.from(vector('pack-head-editors-10-20.bin').subarray(0, PACK_PREFIX_SIZE));
  prefix.writeUInt32LE(index.length, 12);
  return withStored(Buffer.concat([prefix, frame]));
}

/** `head` with the size of its index as it really is. */
function withStored(head: Buffer): Buffer {
  head.writeUInt32LE(head.length - PACK_PREFIX_SIZE, 8);
  return head;
}

function patch(bytes: Buffer, offset: number, value: number): Buffer {
  const copy = Buffer.from(bytes);
  copy[offset] = value;
  return copy;
}

function lineOf(text: string, start: string): string {
  return text.split('\n').find((candidate) => candidate.startsWith(start)) ?? 'none';
}

function swap(text: string, a: string, b: string): string {
  return text.replace(a, '\u0000').replace(b, a).replace('\u0000', b);
}
