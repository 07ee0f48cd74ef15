// parse∘format is the identity for every format, whatever the values.
import {
  type BundleName,
  type ByteString,
  byteString,
  compareBytes,
  type Digest,
  LIMITS,
  type RepoPath,
  sha256,
} from '@swupd/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type DeltaIndex, formatDeltaIndex, parseDeltaIndex } from './delta-index-codec.ts';
import { applyDifference, formatDifference } from './difference.ts';
import type { Entry, Manifest } from './entry.ts';
import { formatEntry, parseEntry } from './entry-line.ts';
import type { Blob } from './manifest-blobs.ts';
import { formatManifest, parseManifest } from './manifest-codec.ts';
import type { DocumentRef, Mom, MomBundle } from './mom.ts';
import { formatMom, parseMom } from './mom-codec.ts';
import { formatPackHead, type PackFrame, packHeadSize, parsePackHead } from './pack-codec.ts';
import { membersSize, type PackBlobs, type PackMember } from './pack-member.ts';

const VERSION = 1_000_000;

/** Names with a bias towards the bytes that have to be escaped or that separate something. */
const byte = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(...'\t\n\\\x01\x7f\xff-,= x'.split('')) },
  { weight: 4, arbitrary: fc.integer({ min: 1, max: 255 }).map((code) => String.fromCharCode(code)) },
);
const name = fc
  .string({ unit: byte, minLength: 1, maxLength: 12 })
  .map((text) => text.replaceAll('/', '_'))
  .filter((text) => text !== '.' && text !== '..');
const path = fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/') as RepoPath);
const bytes = fc.uint8Array({ maxLength: 20 }).map(byteString);
const digest = fc.uint8Array({ minLength: 4, maxLength: 4 }).map(sha256);
const bundleName = fc
  .stringMatching(/^[A-Za-z0-9][A-Za-z0-9._+-]{0,9}$/)
  .filter((text) => text !== 'MoM' && text !== 'full') as fc.Arbitrary<BundleName>;
const size = fc.oneof(
  fc.integer({ min: 0, max: 1000 }),
  fc.maxSafeNat().map((value) => value % (LIMITS.fileSize + 1)),
);
const stored = fc.tuple(size, size).map(([a, b]) => ({ size: Math.max(a, b), storedSize: Math.min(a, b) }));
const xattrs = fc
  .uniqueArray(
    fc.record({
      name: fc.string({
        unit: byte,
        minLength: 1,
        maxLength: 9,
      }) as fc.Arbitrary<string> as fc.Arbitrary<ByteString>,
      value: bytes,
    }),
    { maxLength: 3, selector: (xattr) => xattr.name },
  )
  .map((list) => list.sort((a, b) => compareBytes(a.name, b.name)));
const base = {
  path,
  uid: fc.integer({ min: 0, max: 0xffff_fffe }),
  gid: fc.integer({ min: 0, max: 0xffff_fffe }),
  pathClass: fc.constantFrom('managed', 'config', 'state', 'ghost', 'boot' as const),
  version: fc.integer({ min: 0, max: VERSION }),
  xattrs,
};
const mode = fc.integer({ min: 0, max: 0o7777 });
const target = fc.string({
  unit: byte,
  minLength: 1,
  maxLength: 30,
}) as fc.Arbitrary<string> as fc.Arbitrary<ByteString>;
const entry: fc.Arbitrary<Entry> = fc.oneof(
  fc.record({ ...base, type: fc.constant('directory' as const), mode }),
  fc.record({ ...base, type: fc.constant('symlink' as const), target }),
  fc
    .tuple(fc.record({ ...base, type: fc.constant('file' as const), mode, digest }), stored)
    .map(([file, sizes]) => ({ ...file, ...sizes, linkTo: undefined })),
  fc
    .tuple(fc.record({ ...base, type: fc.constant('file' as const), mode, digest }), stored, path)
    .filter(([file, , linkTo]) => linkTo < file.path)
    .map(([file, sizes, linkTo]) => ({ ...file, ...sizes, linkTo })),
);
const entries = fc
  .uniqueArray(entry, { maxLength: 12, selector: (item) => item.path })
  .map((list) => list.sort((a, b) => compareBytes(a.path, b.path)));
const manifest: fc.Arbitrary<Manifest> = fc.record({
  bundle: bundleName,
  version: fc.constant(VERSION),
  entries,
});

test('an entry', () => {
  fc.assert(
    fc.property(entry, (value) => {
      const text = formatEntry(value);
      expect(text).not.toContain('\n');
      expect(parseEntry({ document: 'test', number: 1, fields: text.split('\t') })).toEqual(value);
    }),
    { numRuns: 1000 },
  );
});

test('a manifest', () => {
  fc.assert(
    fc.property(manifest, (value) => {
      expect(parseManifest(formatManifest(value))).toEqual(value);
    }),
  );
});

/** The manifest after some entries have vanished, changed or come. */
const change = fc
  .record({ before: manifest, kept: fc.infiniteStream(fc.boolean()), added: entries })
  .map(({ before, kept, added }) => {
    const paths = new Set<string>(added.map((item) => item.path));
    const rest = before.entries.filter((item) => !paths.has(item.path) && kept.next().value);
    const after: Manifest = {
      ...before,
      version: VERSION + 1,
      entries: [...rest, ...added].sort((a, b) => compareBytes(a.path, b.path)),
    };
    return { before: known(before), after: known(after) };
  });

test('a difference, applied to its start, gives its end', () => {
  fc.assert(
    fc.property(change, ({ before, after }) => {
      const result = applyDifference(before, formatDifference(before, after));
      expect(result.manifest).toEqual(after.manifest);
      expect(result.bytes).toEqual(formatManifest(after.manifest));
    }),
    { numRuns: 300 },
  );
});

test('a difference of entries that differ in one field only', () => {
  const file: Entry = {
    type: 'file',
    path: 'a' as RepoPath,
    mode: 0o644,
    uid: 0,
    gid: 0,
    pathClass: 'managed',
    version: 1,
    xattrs: [],
    size: 5,
    storedSize: 4,
    digest: sha256(Buffer.from('x')),
    linkTo: undefined,
  };
  const variants: Entry[] = [
    file,
    { ...file, size: 6 },
    { ...file, storedSize: 3 },
    { ...file, version: 2 },
    { ...file, pathClass: 'boot' },
    { ...file, mode: 0o600 },
    { ...file, uid: 1 },
    { ...file, gid: 1 },
    { ...file, linkTo: '0' as RepoPath },
    { ...file, xattrs: [{ name: 'user.a' as ByteString, value: '' as ByteString }] },
  ];
  for (const from of variants)
    for (const to of variants) {
      const [before, after] = [from, to].map((item) =>
        known({ bundle: 'b', version: 2, entries: [item] }),
      ) as [ReturnType<typeof known>, ReturnType<typeof known>];
      expect(applyDifference(before, formatDifference(before, after)).manifest).toEqual(after.manifest);
    }
});

test('a difference of large manifests', () => {
  const file: Entry = {
    type: 'directory',
    path: 'x' as RepoPath,
    mode: 0o755,
    uid: 0,
    gid: 0,
    pathClass: 'managed',
    version: 1,
    xattrs: [],
  };
  const all = Array.from(
    { length: 200_000 },
    (_, i): Entry => ({ ...file, path: `d${String(i).padStart(6, '0')}` as RepoPath }),
  );
  const before = known({ bundle: 'b', version: 1, entries: all });
  const after = known({ bundle: 'b', version: 1, entries: all.slice(1) });
  expect(applyDifference(before, formatDifference(before, after)).manifest.entries.length).toBe(199_999);
});

const document: fc.Arbitrary<DocumentRef> = fc.record({
  digest,
  size: fc.nat({ max: LIMITS.document }),
  storedDigest: digest,
  storedSize: fc.nat({ max: LIMITS.document }),
});
const from = fc.nat({ max: VERSION - 1 });
const names = fc.uniqueArray(bundleName, { maxLength: 3 });
const momBundle = (known: readonly BundleName[]): fc.Arbitrary<MomBundle> =>
  fc.record({
    name: bundleName,
    version: fc.constant(VERSION),
    manifest: document,
    entries: fc.nat({ max: LIMITS.entries }),
    contentSize: fc.maxSafeNat(),
    includes: fc.subarray([...known]),
    alsoAdd: fc.subarray([...known]),
    description: fc.string({ unit: byte, maxLength: 20 }) as fc.Arbitrary<string> as fc.Arbitrary<ByteString>,
    packs: fc
      .uniqueArray(fc.record({ from, digest, size: fc.maxSafeNat() }), {
        maxLength: 3,
        selector: (pack) => pack.from,
      })
      .map((list) => list.sort((a, b) => a.from - b.from)),
    differences: fc
      .uniqueArray(fc.record({ from, document }), { maxLength: 3, selector: (item) => item.from })
      .map((list) => list.sort((a, b) => a.from - b.from)),
    deltaIndex: fc.option(document, { nil: undefined }),
  });
const mom: fc.Arbitrary<Mom> = names
  .map((list) => list.sort(compareBytes))
  .chain((list) =>
    fc.record({
      version: fc.constant(VERSION),
      previous: from,
      time: fc.maxSafeNat(),
      bundles: fc.tuple(...list.map((item) => momBundle(list).map((bundle) => ({ ...bundle, name: item })))),
    }),
  );

test('a MoM', () => {
  fc.assert(
    fc.property(mom, (value) => {
      expect(parseMom(formatMom(value))).toEqual(value);
    }),
  );
});

const deltaIndex: fc.Arbitrary<DeltaIndex> = fc.record({
  bundle: bundleName,
  deltas: fc
    .uniqueArray(
      fc.tuple(digest, digest, stored).map(([to, origin, sizes]) => ({
        to,
        from: origin,
        length: sizes.size,
        storedSize: sizes.storedSize,
      })),
      { selector: (delta) => delta.to + delta.from },
    )
    .map((list) => list.sort((a, b) => compareBytes(a.to + a.from, b.to + b.from))),
});

test('a delta index', () => {
  fc.assert(
    fc.property(deltaIndex, (value) => {
      expect(parseDeltaIndex(formatDeltaIndex(value))).toEqual(value);
    }),
  );
});

const blobs = fc.uniqueArray(
  fc.tuple(digest, stored).map(([content, sizes]) => ({ digest: content, ...sizes })),
  { minLength: 1, maxLength: 5, selector: (blob) => blob.digest },
);
const singleOf = ({ from: sources, to: targets }: PackBlobs): fc.Arbitrary<PackMember> =>
  fc
    .record({
      target: fc.constantFrom(...targets),
      source: fc.option(fc.constantFrom(...sources)),
      filter: fc.constantFrom('none' as const, 'x86' as const),
      length: fc.nat(),
    })
    .map(({ target: blob, source, filter, length }) => {
      const content = { digest: blob.digest, size: blob.size };
      return source === null
        ? { kind: 'full', filter, ...content }
        : { kind: 'delta', ...content, from: source.digest, length };
    });
/** Some blobs of a list, in its order, of which together a joint delta may be made. */
const sideOf = (list: readonly Blob[]) =>
  fc
    .subarray([...list], { minLength: 1 })
    .map((some) => some.map(({ digest: content, size }) => ({ digest: content, size })))
    .filter((some) => some.reduce((sum, { size }) => sum + size, 0) <= LIMITS.jointBytes);
const jointOf = ({ from: sources, to: targets }: PackBlobs): fc.Arbitrary<PackMember> =>
  fc.record({
    kind: fc.constant('joint' as const),
    targets: sideOf(targets),
    sources: sideOf(sources),
    length: fc.nat(LIMITS.jointBytes),
  });
const fitsJoint = (list: readonly Blob[]): boolean => list.some(({ size }) => size <= LIMITS.jointBytes);
const memberOf = (known: PackBlobs): fc.Arbitrary<PackMember> =>
  fitsJoint(known.from) && fitsJoint(known.to) ? fc.oneof(singleOf(known), jointOf(known)) : singleOf(known);
const frameOf = (known: PackBlobs) =>
  fc
    .tuple(fc.array(memberOf(known), { maxLength: 4 }), fc.nat())
    .filter(([members]) => membersSize(members) <= LIMITS.fileSize)
    .map(
      ([members, some]): PackFrame => ({
        storedSize: Math.min(some, membersSize(members)),
        plainSize: membersSize(members),
        members,
      }),
    );
const pack = fc.record({ from: blobs, to: blobs }).chain((known) =>
  fc.record({
    known: fc.constant(known),
    index: fc.record({
      bundle: bundleName,
      from,
      to: fc.constant(VERSION),
      frames: fc.array(frameOf(known), { maxLength: 4 }),
    }),
  }),
);

test('the head of a pack', () => {
  fc.assert(
    fc.property(pack, fc.uint8Array(), ({ known: lists, index }, rest) => {
      const head = formatPackHead(index, lists);
      expect(packHeadSize(Buffer.concat([head, rest]))).toBe(head.length);
      expect(parsePackHead(head, lists)).toEqual(index);
    }),
  );
});

test('a pack of what its manifests do not have', () => {
  const index = {
    bundle: 'b',
    from: 0,
    to: 1,
    frames: [
      {
        storedSize: 0,
        plainSize: 1,
        members: [
          { kind: 'full' as const, filter: 'none' as const, digest: sha256(Buffer.from('x')), size: 1 },
        ],
      },
    ],
  };
  expect(() => formatPackHead(index, { from: [], to: [] })).toThrow(TypeError);
});

function known(value: Manifest): { manifest: Manifest; digest: Digest } {
  return { manifest: value, digest: sha256(formatManifest(value)) };
}
