import { mkdirSync, readdirSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DocumentRef } from '@swupd/manifests';
import { type BundleName, compressFrame, type Digest } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Directory, REAL_DISK } from '../disk/index.ts';
import { codeOf, openHandles, readTree, temporaryFolder } from '../test-support.ts';
import { type InstalledRecord, readInstalledRecord, writeInstalledRecord } from './installed-record.ts';
import { ReleaseStore } from './release-store.ts';
import { openStateDirectory, openStateTop } from './state-directory.ts';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
let state: Directory;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, 'state');
  mkdirSync(path);
  state = REAL_DISK.openRoot(path);
});
afterEach(() => {
  state.close();
  folder[Symbol.dispose]();
});

describe('the installed record', () => {
  const record: InstalledRecord = {
    format: 1,
    version: 20,
    mom: 'a'.repeat(64) as Digest,
    bundles: [
      { name: 'os-core' as BundleName, tracked: false },
      { name: 'editors' as BundleName, tracked: true },
    ],
    url: 'https://example.org/repo',
  };

  test('comes back, with its bundles sorted', () => {
    writeInstalledRecord(state, record);
    expect(readInstalledRecord(state)).toEqual({ ...record, bundles: [...record.bundles].reverse() });
  });

  test('may be missing', () => expect(readInstalledRecord(state)).toBeUndefined());

  test('is replaced as a whole', () => {
    writeInstalledRecord(state, record);
    writeInstalledRecord(state, { ...record, version: 30, bundles: [] });
    expect(readInstalledRecord(state)).toMatchObject({ version: 30, bundles: [] });
    expect(readdirSync(path)).toEqual(['installed.json']);
  });

  const text = JSON.stringify(record);
  test.each([
    ['empty', ''],
    ['torn', text.slice(0, -20)],
    ['no JSON', '\0'.repeat(100)],
    ['another format', text.replace('"format":1', '"format":2')],
    ['version 0', text.replace('20', '0')],
    ['a version that is no integer', text.replace('20', '20.5')],
    ['no digest', text.replace('aaaa', 'AAAA')],
    ['a bundle that is no name', text.replace('editors', '../editors')],
    ['no list of bundles', text.replace(/"bundles":\[.*?\]/, '"bundles":{}')],
    ['no url', text.replace('"url"', '"uri"')],
    ['null', 'null'],
  ])('%s: bad-state', async (_, bytes) => {
    writeFileSync(join(path, 'installed.json'), bytes);
    expect(await codeOf(() => readInstalledRecord(state))).toBe('bad-state');
  });
});

describe('the release store', () => {
  const plain = Buffer.from('some document\n'.repeat(100));
  const stored = compressFrame(plain, 19);
  const ref: DocumentRef = {
    digest: hashContent(plain),
    size: plain.length,
    storedDigest: hashContent(stored),
    storedSize: stored.length,
  };
  const files = {
    mom: Buffer.from('the MoM'),
    signatures: [Buffer.from('a signature'), Buffer.from('another')],
  };
  const momDigest = hashContent(files.mom);
  let releases: string;
  let documents: string;
  let store: ReleaseStore;
  const opened: Directory[] = [];
  beforeEach(() => {
    releases = join(path, 'releases');
    documents = join(path, 'documents');
    for (const name of [releases, documents]) {
      mkdirSync(name);
      opened.push(REAL_DISK.openRoot(name));
    }
    const [first, second] = opened.slice(-2) as [Directory, Directory];
    store = new ReleaseStore(first, second);
  });
  afterEach(() => {
    for (const directory of opened.splice(0)) directory.close();
  });

  test('gives back what it keeps', () => {
    expect(store.mom(momDigest)).toBeUndefined();
    expect(store.document(ref)).toBeUndefined();
    expect(store.keepMom(files)).toBe(momDigest);
    store.keepPlainDocument(ref, plain);
    expect(store.mom(momDigest)).toEqual(files);
    expect(store.document(ref)).toEqual(plain);
  });

  test.each([
    ['is torn', (file: string) => truncateSync(file, 5)],
    ['is empty', (file: string) => truncateSync(file, 0)],
    ['has other bytes', (file: string) => writeFileSync(file, compressFrame(Buffer.alloc(plain.length), 3))],
    [
      'has more bytes',
      (file: string) => writeFileSync(file, compressFrame(Buffer.concat([plain, plain]), 3)),
    ],
  ])('what %s counts as absent, and can be kept again', (_, damage) => {
    store.keepMom(files);
    store.keepPlainDocument(ref, plain);
    damage(join(releases, `${momDigest}.mom`));
    damage(join(documents, `${ref.digest}.zst`));
    expect(store.mom(momDigest)).toBeUndefined();
    expect(store.document(ref)).toBeUndefined();
    store.keepMom(files);
    store.keepPlainDocument(ref, plain);
    expect(store.mom(momDigest)).toEqual(files);
    expect(store.document(ref)).toEqual(plain);
  });

  test('signatures that were damaged are replaced', () => {
    store.keepMom(files);
    truncateSync(join(releases, `${momDigest}.sig`), 3);
    expect(store.mom(momDigest)).toEqual({ mom: files.mom, signatures: [Buffer.from('a s')] });
    rmSync(join(releases, `${momDigest}.sig`));
    expect(store.mom(momDigest)).toEqual({ mom: files.mom, signatures: [] });
    store.keepMom(files);
    expect(store.mom(momDigest)).toEqual(files);
  });

  test('prunes all but what is needed', () => {
    store.keepMom(files);
    store.keepPlainDocument(ref, plain);
    const others = ['0'.repeat(64), `${'1'.repeat(64)}`];
    writeFileSync(join(documents, `${others[0]}.zst`), '');
    writeFileSync(join(releases, `${others[1]}.mom`), '');
    writeFileSync(join(releases, `${others[1]}.sig.new`), '');
    const keep = { moms: new Set([momDigest]), documents: new Set([ref.digest]) };
    const going = [
      `releases/${others[1]}.mom`,
      `releases/${others[1]}.sig.new`,
      `documents/${others[0]}.zst`,
    ];
    expect(store.prune(keep, true).sort()).toEqual([...going].sort());
    expect(readdirSync(documents)).toHaveLength(2);
    expect(store.prune(keep, false).sort()).toEqual([...going].sort());
    expect(store.mom(momDigest)).toEqual(files);
    expect(store.document(ref)).toEqual(plain);
    expect([...readdirSync(documents), ...readdirSync(releases)]).toHaveLength(3);
  });
});

describe('the state directory', () => {
  test('is made, and opened again', () => {
    for (let turn = 0; turn < 2; turn++) openStateDirectory(REAL_DISK.openRoot(path)).close();
    expect(readTree(path)).toEqual({
      cache: 'directory 700',
      documents: 'directory 755',
      downloads: 'directory 700',
      layout: 'file 644 1\n',
      metadata: 'directory 755',
      releases: 'directory 755',
    });
  });

  test('one whose layout was never written to its end gets it', () => {
    writeFileSync(join(path, 'layout'), '');
    openStateDirectory(REAL_DISK.openRoot(path)).close();
    expect(readTree(path)).toMatchObject({ layout: 'file 644 1\n' });
  });

  test.each(['2\n', 'x'])('one with layout %j is refused, and left as it is', async (layout) => {
    writeFileSync(join(path, 'layout'), layout);
    expect(await codeOf(() => openStateDirectory(state))).toBe('bad-state');
    expect(readTree(path)).toEqual({ layout: `file 644 ${layout}` });
  });

  test('lies below the root', () => {
    const open = openHandles();
    expect(openStateTop(REAL_DISK, state, { named: undefined, create: false })).toBeUndefined();
    expect(readTree(path)).toEqual({});
    openStateTop(REAL_DISK, state, { named: undefined, create: true })?.close();
    const again = openStateTop(REAL_DISK, state, { named: undefined, create: false });
    expect(again?.stat().inode).toBe(REAL_DISK.openRoot(join(path, 'var/lib/swupd')).stat().inode);
    again?.close();
    expect(openHandles()).toBe(open + 1);
  });

  test.each(['var', 'var/lib', 'var/lib/swupd'])('is not made behind the link %s', async (link) => {
    const outside = join(folder.path, 'outside');
    mkdirSync(outside);
    if (link !== 'var') mkdirSync(join(path, link, '..'), { recursive: true });
    symlinkSync(outside, join(path, link));
    for (const create of [true, false])
      expect(await codeOf(() => openStateTop(REAL_DISK, state, { named: undefined, create }))).toBeDefined();
    expect(readTree(outside)).toEqual({});
  });

  test('lies where the user says', () => {
    const named = join(folder.path, 'a', 'b');
    expect(openStateTop(REAL_DISK, state, { named, create: false })).toBeUndefined();
    openStateTop(REAL_DISK, state, { named, create: true })?.close();
    expect(readTree(join(folder.path, 'a'))).toEqual({ b: 'directory 755' });
  });
});
