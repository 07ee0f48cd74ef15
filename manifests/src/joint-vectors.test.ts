// The golden vectors of a pack with a joint delta. See vectors.test.ts.
import { readFileSync, writeFileSync } from 'node:fs';
import { decompressFrame, type RepoPath, sha256 } from '@swupd/shared';
import { expect, test } from 'vitest';
import type { Manifest } from './entry.ts';
import { blobsOf } from './manifest-blobs.ts';
import { formatManifest, parseManifest } from './manifest-codec.ts';
import { formatPackHead, type PackIndex, packHeadSize, parsePackHead } from './pack-codec.ts';
import type { MemberBlob } from './pack-member.ts';

const PAGES = {
  edit: page('edit', 'changes a file'),
  same: page('same', 'compares two files'),
  view: page('view', 'shows a file'),
  view2: page('view', 'shows a file or a folder'),
};
const DOCS_10 = manifestOf(10, { 'doc/edit': PAGES.edit, 'doc/same': PAGES.same, 'doc/view': PAGES.view });
const DOCS_20 = manifestOf(20, {
  'doc/all': Buffer.concat([PAGES.edit, PAGES.view2]),
  'doc/same': PAGES.same,
  'doc/view': PAGES.view2,
});
const BLOBS = { from: blobsOf(DOCS_10), to: blobsOf(DOCS_20) };
const TARGETS = [BLOBS.to[0], BLOBS.to[2]].map(memberBlob);
const SOURCES = [BLOBS.from[0], BLOBS.from[2]].map(memberBlob);

/** Makes `doc/all` and `doc/view` of 20 out of `doc/edit` and `doc/view` of 10, by zstd-patch (delta.md). */
const CONTAINER = Buffer.from(
  'd2020000000000000000' +
    '6e000000bc0000001f00000028' +
    'b52ffd20bcb500005045206f726f6c6465722e030050042cad75509c862b',
  'hex',
);

test('a pack with a joint delta', () => {
  golden('manifest-docs-10.txt', formatManifest(DOCS_10));
  golden('manifest-docs-20.txt', formatManifest(DOCS_20));
  expect(parseManifest(formatManifest(DOCS_20))).toEqual(DOCS_20);
  const index: PackIndex = {
    bundle: 'docs',
    from: 10,
    to: 20,
    frames: [
      {
        storedSize: CONTAINER.length,
        plainSize: CONTAINER.length,
        members: [{ kind: 'joint', targets: TARGETS, sources: SOURCES, length: CONTAINER.length }],
      },
    ],
  };
  const bytes = golden('pack-docs-10-20.bin', Buffer.concat([formatPackHead(index, BLOBS), CONTAINER]));
  const headSize = packHeadSize(bytes);
  const head = bytes.subarray(0, headSize);
  expect(parsePackHead(head, BLOBS)).toEqual(index);
  golden('pack-index-docs-10-20.txt', decompressFrame(head.subarray(16), head.readUInt32LE(12)));
});

function golden(name: string, bytes: Uint8Array): Buffer {
  const url = new URL(`../spec/vectors/${name}`, import.meta.url);
  if (process.env.UPDATE_VECTORS === '1') writeFileSync(url, bytes);
  const stored = readFileSync(url);
  expect(Buffer.from(bytes).equals(stored), `${name} has other bytes`).toBe(true);
  return stored;
}

function page(name: string, what: string): Buffer {
  return Buffer.from(`${name.toUpperCase()}\n\n    ${name} FILE\n\nThe command '${name}' ${what}.\n`);
}

function manifestOf(version: number, files: Readonly<Record<string, Buffer>>): Manifest {
  const shared = { uid: 0, gid: 0, pathClass: 'managed', version, xattrs: [] } as const;
  const entries = Object.entries(files).map(([path, content]) => ({
    ...shared,
    type: 'file' as const,
    mode: 0o644,
    linkTo: undefined,
    path: path as RepoPath,
    digest: sha256(content),
    size: content.length,
    storedSize: content.length,
  }));
  return { bundle: 'docs', version, entries };
}

function memberBlob(blob: MemberBlob | undefined): MemberBlob {
  if (blob === undefined) throw new TypeError('the manifest has fewer blobs');
  return { digest: blob.digest, size: blob.size };
}
