// The golden vectors of spec/vectors, but for the trust metadata (trust/vectors.test.ts). A change of bytes is a change of
// format: it needs a row in the spec's Changes. `UPDATE_VECTORS=1` writes them anew (spec/README.md).
import { readFileSync, writeFileSync } from 'node:fs';
import {
  type BundleName,
  type ByteString,
  bytesOf,
  compress,
  compressFrame,
  type Digest,
  decompress,
  decompressFrame,
  escapeField,
  filterX86,
  type RepoPath,
  sha256,
  unescapeField,
  utf8ByteString,
  X86Unfilter,
} from '@swupd/shared';
import { expect, test } from 'vitest';
import { formatDeltaIndex, parseDeltaIndex } from './delta-index-codec.ts';
import { applyDifference, formatDifference } from './difference.ts';
import type { Entry, Manifest } from './entry.ts';
import { blobsOf } from './manifest-blobs.ts';
import { formatManifest, parseManifest } from './manifest-codec.ts';
import type { DocumentRef, Mom } from './mom.ts';
import { formatMom, parseMom } from './mom-codec.ts';
import { formatPackHead, type PackIndex, packHeadSize, parsePackHead } from './pack-codec.ts';
import { memberBlobs, type PackMember } from './pack-member.ts';

const VECTORS = new URL('../spec/vectors/', import.meta.url);
const LEVEL = 19;

function golden(name: string, bytes: Uint8Array): Buffer {
  const url = new URL(name, VECTORS);
  if (process.env.UPDATE_VECTORS === '1') writeFileSync(url, bytes);
  const stored = readFileSync(url);
  expect(Buffer.from(bytes).equals(stored), `${name} has other bytes`).toBe(true);
  return stored;
}

const BLOBS = {
  edit10: Buffer.from('#!/bin/sh\necho "edit 1.0"\n'),
  edit20: Buffer.from('#!/bin/sh\necho "edit 2.0"\n'),
  config: Buffer.from('tabs = 2\n'.repeat(40)),
  help: Buffer.from('Press F1.\n'),
  boot: Buffer.alloc(300, 'boot'),
};
const EDIT_10 = fileOf(BLOBS.edit10);
const EDIT_20 = fileOf(BLOBS.edit20);
const CAPABILITY = Buffer.from('0100000200040000000000000000000000000000', 'hex').toString(
  'latin1',
) as ByteString;

const base = { uid: 0, gid: 0, pathClass: 'managed', version: 10, xattrs: [] } as const;
const directory = { ...base, type: 'directory', mode: 0o755 } as const;
const file = { ...base, type: 'file', mode: 0o644, linkTo: undefined } as const;

const OS_CORE: Manifest = {
  bundle: 'os-core',
  version: 10,
  entries: [
    { ...directory, path: path('boot') },
    { ...file, path: path('boot/kernel'), pathClass: 'boot', ...fileOf(BLOBS.boot) },
    { ...directory, path: path('etc') },
    { ...directory, path: path('usr') },
    { ...directory, path: path('usr/bin') },
    { ...directory, path: path('var'), mode: 0o1777, pathClass: 'state' },
  ],
};
const EDITORS_10: Manifest = {
  bundle: 'editors',
  version: 10,
  entries: [
    { ...file, path: path('usr/bin/edit'), mode: 0o755, ...EDIT_10 },
    { ...base, type: 'symlink', path: path('usr/bin/view'), target: utf8ByteString('edit') },
    { ...file, path: path('usr/old'), ...fileOf(BLOBS.help), pathClass: 'ghost' },
  ],
};
const XATTRS: Entry['xattrs'] = [
  { name: 'security.capability' as ByteString, value: CAPABILITY },
  { name: 'user.a=b,c' as ByteString, value: '' as ByteString },
];
const EDITORS_20: Manifest = {
  bundle: 'editors',
  version: 20,
  entries: [
    { ...file, path: path('etc/edit.conf'), pathClass: 'config', version: 20, ...fileOf(BLOBS.config) },
    { ...file, path: path('usr/bin/edit'), mode: 0o4755, version: 20, ...EDIT_20, xattrs: XATTRS },
    {
      ...file,
      path: path('usr/bin/vi'),
      mode: 0o4755,
      version: 20,
      ...EDIT_20,
      linkTo: path('usr/bin/edit'),
      xattrs: XATTRS,
    },
    { ...base, type: 'symlink', path: path('usr/bin/view'), target: utf8ByteString('edit') },
    { ...file, path: path('usr/h\t\\\xff\xc3\xa9'), version: 20, uid: 1000, gid: 100, ...fileOf(BLOBS.help) },
  ],
};
const KNOWN_10 = { manifest: EDITORS_10, digest: sha256(formatManifest(EDITORS_10)) };
const KNOWN_20 = { manifest: EDITORS_20, digest: sha256(formatManifest(EDITORS_20)) };
const DELTA_INDEX = {
  bundle: 'editors',
  deltas: [{ to: EDIT_20.digest, from: EDIT_10.digest, length: 25, storedSize: 25 }],
};
const ZERO_PACK = packOf(EDITORS_20, [[BLOBS.config, BLOBS.help], [BLOBS.edit20]]);
/** A program of which each kind of instruction refers to offset 120, twenty times. */
const PROGRAM = programOf(
  Array.from({ length: 20 }, () => [[0xe8], [0x0f, 0x84], [0xff, 0x15], [0x48, 0x8d, 0x3d]]).flat(),
);
const TOOLS_20: Manifest = {
  bundle: 'tools',
  version: 20,
  entries: [
    { ...file, path: path('usr/bin/tool'), mode: 0o755, version: 20, ...fileOf(PROGRAM) },
    { ...file, path: path('usr/tool.txt'), version: 20, ...fileOf(BLOBS.help) },
  ],
};
const FILTERED_PACK = packOf(TOOLS_20, [[PROGRAM, BLOBS.help]]);
const BLOBS_10_20 = { from: blobsOf(EDITORS_10), to: blobsOf(EDITORS_20) };
const DELTA_PACK_INDEX: PackIndex = {
  bundle: 'editors',
  from: 10,
  to: 20,
  frames: [
    {
      storedSize: 52,
      plainSize: 385,
      members: [
        { kind: 'full', filter: 'none', digest: sha256(BLOBS.config), size: BLOBS.config.length },
        { kind: 'delta', digest: EDIT_20.digest, size: EDIT_20.size, from: EDIT_10.digest, length: 25 },
      ],
    },
  ],
};
const MOM: Mom = {
  version: 20,
  previous: 10,
  time: 1_767_225_600,
  bundles: [
    {
      name: 'editors' as BundleName,
      version: 20,
      manifest: documentOf(formatManifest(EDITORS_20)),
      entries: 5,
      contentSize: 422,
      includes: [],
      alsoAdd: [],
      description: utf8ByteString('Text editors – small ones'),
      packs: [{ from: 0, digest: sha256(ZERO_PACK.bytes), size: ZERO_PACK.bytes.length }],
      differences: [{ from: 10, document: documentOf(formatDifference(KNOWN_10, KNOWN_20)) }],
      deltaIndex: documentOf(formatDeltaIndex(DELTA_INDEX)),
    },
    {
      name: 'os-core' as BundleName,
      version: 10,
      manifest: documentOf(formatManifest(OS_CORE)),
      entries: 6,
      contentSize: 300,
      includes: [],
      alsoAdd: ['editors' as BundleName],
      description: '' as ByteString,
      packs: [],
      differences: [],
      deltaIndex: undefined,
    },
  ],
};

test.each([
  ['manifest-os-core-10.txt', OS_CORE],
  ['manifest-editors-10.txt', EDITORS_10],
  ['manifest-editors-20.txt', EDITORS_20],
])('%s', (name, manifest) => {
  expect(parseManifest(golden(name, formatManifest(manifest)))).toEqual(manifest);
});

test('a document is stored as one frame', () => {
  const plain = formatManifest(EDITORS_20);
  const stored = golden('manifest-editors-20.txt.zst', compressFrame(plain, LEVEL));
  expect(decompressFrame(stored, plain.length)).toEqual(plain);
});

test('difference', () => {
  const bytes = golden('difference-editors-10-20.txt', formatDifference(KNOWN_10, KNOWN_20));
  const { manifest, bytes: result } = applyDifference(KNOWN_10, bytes);
  expect(manifest).toEqual(EDITORS_20);
  expect(result).toEqual(formatManifest(EDITORS_20));
});

test('delta index', () => {
  const bytes = golden('deltas-editors-20.txt', formatDeltaIndex(DELTA_INDEX));
  expect(parseDeltaIndex(bytes)).toEqual(DELTA_INDEX);
});

test('a whole zero pack', () => {
  const bytes = golden('pack-editors-0-20.bin', ZERO_PACK.bytes);
  const head = bytes.subarray(0, packHeadSize(bytes));
  const index = parsePackHead(head, { from: [], to: blobsOf(EDITORS_20) });
  expect(index).toEqual(ZERO_PACK.index);
  let offset = head.length;
  for (const frame of index.frames) {
    const plain = Buffer.from(decompress(bytes.subarray(offset, offset + frame.storedSize), frame.plainSize));
    offset += frame.storedSize;
    let start = 0;
    for (const { digest, size } of frame.members.flatMap(memberBlobs)) {
      expect(sha256(plain.subarray(start, start + size))).toBe(digest);
      start += size;
    }
  }
  expect(offset).toBe(bytes.length);
});

test('a program and what the filter makes of it', () => {
  const program = golden('x86-program.bin', PROGRAM);
  const filtered = golden('x86-filtered.bin', Buffer.from(filterX86(program) ?? []));
  const decoder = new X86Unfilter(program.length);
  expect(Buffer.concat([decoder.push(filtered), decoder.finish()])).toEqual(program);
});

test('a pack with a filtered program', () => {
  const blobs = {
    from: [],
    to: blobsOf(parseManifest(golden('manifest-tools-20.txt', formatManifest(TOOLS_20)))),
  };
  const bytes = golden('pack-tools-0-20.bin', FILTERED_PACK.bytes);
  const headSize = packHeadSize(bytes);
  const index = parsePackHead(bytes.subarray(0, headSize), blobs);
  expect(index).toEqual(FILTERED_PACK.index);
  const [frame] = index.frames;
  const plain = decompress(bytes.subarray(headSize), frame?.plainSize ?? 0);
  expect(Buffer.from(plain)).toEqual(Buffer.concat([filterX86(PROGRAM) ?? PROGRAM, BLOBS.help]));
  golden('pack-index-tools-0-20.txt', decompressFrame(bytes.subarray(16, headSize), bytes.readUInt32LE(12)));
});

test('the head of a pack with a delta', () => {
  const head = golden('pack-head-editors-10-20.bin', formatPackHead(DELTA_PACK_INDEX, BLOBS_10_20));
  expect(parsePackHead(head, BLOBS_10_20)).toEqual(DELTA_PACK_INDEX);
  const text = decompressFrame(head.subarray(16), head.readUInt32LE(12));
  golden('pack-index-editors-10-20.txt', text);
});

test('MoM', () => {
  expect(parseMom(golden('mom.txt', formatMom(MOM)))).toEqual(MOM);
});

test('escaped fields', () => {
  const values = [
    '',
    'plain',
    'a b',
    'a\tb',
    'a\nb',
    '\\',
    '\\x5c',
    '\x00\x1f\x7f',
    '\x80\xff',
    'h\xc3\xa9',
    '-',
  ];
  const table = values.map((value) => `${bytesOf(value).toString('hex')}\t${escapeField(value)}\n`).join('');
  const lines = golden('escaped-fields.txt', bytesOf(table)).toString('latin1').split('\n').slice(0, -1);
  const read = lines.map((line) => unescapeField(line.split('\t')[1] ?? ''));
  expect(read).toEqual(values);
});

function path(text: string): RepoPath {
  return text as RepoPath;
}

function fileOf(content: Buffer): { digest: Digest; size: number; storedSize: number } {
  const { bytes, plainSize } = compress(content, LEVEL);
  return { digest: sha256(content), size: plainSize, storedSize: bytes.length };
}

function documentOf(plain: Buffer): DocumentRef {
  const stored = compressFrame(plain, LEVEL);
  return {
    digest: sha256(plain),
    size: plain.length,
    storedDigest: sha256(stored),
    storedSize: stored.length,
  };
}

/** A zero pack of `to`. Programs are filtered. */
function packOf(to: Manifest, groups: readonly (readonly Buffer[])[]): { index: PackIndex; bytes: Buffer } {
  const frames = groups.map((contents) => {
    const filtered = contents.map((content) => filterX86(content) ?? content);
    return { contents, stored: compress(Buffer.concat(filtered), LEVEL) };
  });
  const index: PackIndex = {
    bundle: to.bundle,
    from: 0,
    to: to.version,
    frames: frames.map(({ contents, stored }) => ({
      storedSize: stored.bytes.length,
      plainSize: stored.plainSize,
      members: contents.map(memberOf),
    })),
  };
  return {
    index,
    bytes: Buffer.concat([
      formatPackHead(index, { from: [], to: blobsOf(to) }),
      ...frames.map(({ stored }) => stored.bytes),
    ]),
  };
}

function memberOf(content: Buffer): PackMember {
  const filter = filterX86(content) === undefined ? 'none' : 'x86';
  return { kind: 'full', filter, digest: sha256(content), size: content.length };
}

/** The smallest x86-64 ELF file with these opcodes, each with offset 120, where the code starts, as relative operand. */
function programOf(opcodes: readonly (readonly number[])[]): Buffer {
  const head = Buffer.alloc(120);
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  head.writeUInt16LE(62, 18);
  head.writeUInt8(64, 32);
  head.writeUInt16LE(56, 54);
  head.writeUInt16LE(1, 56);
  let code = Buffer.alloc(0);
  for (const opcode of opcodes) {
    const operand = Buffer.alloc(4);
    operand.writeInt32LE(-(code.length + opcode.length + 4));
    code = Buffer.concat([code, Buffer.from(opcode), operand]);
  }
  head.writeUInt32LE(1, 64);
  head.writeUInt32LE(5, 68);
  head.writeUInt8(120, 72);
  head.writeUInt32LE(code.length, 96);
  return Buffer.concat([head, code]);
}
