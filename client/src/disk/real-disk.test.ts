import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type ByteString, byteString, type FileName, parseRepoPath } from '@swupd/shared';
import { readXattrs } from '@swupd/shared/io';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  below,
  codeOf,
  dir,
  file,
  OWN_GID,
  OWN_UID,
  openHandles,
  plant,
  readTree,
  symlink,
  temporaryFolder,
} from '../test-support.ts';
import {
  type Directory,
  ensureDirectory,
  type NodeMetadata,
  ownName,
  PathWalker,
  REAL_DISK,
  readWhole,
  removeTree,
  replaceFile,
} from './index.ts';

const n = ownName;
/** Only root may give files away. */
const OTHER_UID = OWN_UID === 0 ? 1234 : OWN_UID;
const metadata = (some: Partial<NodeMetadata>): NodeMetadata => ({
  type: 'file',
  mode: 0o644,
  uid: OWN_UID,
  gid: OWN_GID,
  xattrs: [],
  ...some,
});
const XATTRS = [{ name: 'user.kind' as ByteString, value: 'test\0\xff' as ByteString }];

let folder: ReturnType<typeof temporaryFolder>;
let root: string;
let outside: string;
let directory: Directory;

beforeEach(() => {
  folder = temporaryFolder();
  root = join(folder.path, 'root');
  outside = join(folder.path, 'outside');
  mkdirSync(root);
  plant(folder.path, {
    outside: dir(),
    'outside/victim': file('precious', { mode: 0o600 }),
    'outside/full': dir(),
    'outside/full/inner': file('precious'),
  });
  directory = REAL_DISK.openRoot(root);
});
afterEach(() => {
  directory.close();
  folder[Symbol.dispose]();
});

describe('a link planted under the name of an operation is never followed', () => {
  beforeEach(() => {
    symlinkSync('../outside/victim', join(root, 'to-file'));
    symlinkSync('../outside/full', join(root, 'to-directory'));
    symlinkSync('../outside/nothing', join(root, 'dangling'));
    writeFileSync(join(root, 'own'), 'own');
  });

  const refused: [string, (d: Directory) => unknown, string | RegExp][] = [
    ['openFile', (d) => d.openFile(n('to-file')), 'ELOOP'],
    ['openDirectory', (d) => d.openDirectory(n('to-directory')), /ELOOP|ENOTDIR/],
    ['createFile', (d) => d.createFile(n('to-file'), 0o644), 'EEXIST'],
    ['createFile through a dangling link', (d) => d.createFile(n('dangling'), 0o644), 'EEXIST'],
    ['appendFile', (d) => d.appendFile(n('to-file'), 0, 0o644), 'ELOOP'],
    ['appendFile through a dangling link', (d) => d.appendFile(n('dangling'), 0, 0o644), 'ELOOP'],
    ['makeDirectory', (d) => d.makeDirectory(n('dangling'), 0o755), 'EEXIST'],
    ['makeSymlink', (d) => d.makeSymlink(n('dangling'), 'x' as ByteString), 'EEXIST'],
    ['makeLink onto it', (d) => d.makeLink(n('own'), d, n('dangling')), 'EEXIST'],
    ['setMetadata of a file', (d) => d.setMetadata(n('to-file'), metadata({ mode: 0o777 }), false), 'ELOOP'],
    [
      'setMetadata of a directory',
      (d) => d.setMetadata(n('to-directory'), metadata({ type: 'directory', mode: 0o777 }), false),
      'ELOOP',
    ],
    ['removeDirectory', (d) => d.removeDirectory(n('to-directory')), 'ENOTDIR'],
  ];
  test.each(refused)('%s is refused', async (_, operation, code) => {
    const before = readTree(outside);
    expect(await codeOf(() => operation(directory))).toMatch(code);
    expect(readTree(outside)).toEqual(before);
  });

  const onTheLink: [string, (d: Directory) => unknown][] = [
    ['removeFile', (d) => d.removeFile(n('to-file'))],
    ['rename of it', (d) => d.rename(n('to-directory'), d, n('elsewhere'))],
    ['rename onto it', (d) => d.rename(n('own'), d, n('to-file'))],
    ['makeLink of it', (d) => d.makeLink(n('to-file'), d, n('second'))],
    [
      'setMetadata of a link',
      (d) =>
        d.setMetadata(n('to-file'), metadata({ type: 'symlink', uid: OTHER_UID, xattrs: XATTRS }), false),
    ],
    ['removeTree', (d) => removeTree(d, n('to-directory'))],
    ['replaceFile', (d) => replaceFile(d, 'to-file', Buffer.from('new'))],
  ];
  test.each(onTheLink)('%s works on the link itself', (_, operation) => {
    const before = readTree(outside);
    operation(directory);
    expect(readTree(outside)).toEqual(before);
  });

  test('what is read of it is the link', () => {
    expect(directory.lookup(n('to-file'))).toMatchObject({ type: 'symlink', mode: 0o777 });
    expect(directory.readLink(n('to-file'))).toBe('../outside/victim');
    expect(directory.readXattrs(n('to-file'))).toEqual([]);
    expect(readWhole(directory, 'to-file')).toBeUndefined();
  });

  test('a folder of the state that is a link is not opened', async () => {
    expect(await codeOf(() => ensureDirectory(directory, 'to-directory', 0o700))).toMatch(/ELOOP|ENOTDIR/);
  });
});

describe('an open directory', () => {
  test('stays the same when it is moved and its old path becomes a link', () => {
    plant(root, { sub: dir(), 'sub/a': file('a') });
    const sub = directory.openDirectory(n('sub'));
    renameSync(join(root, 'sub'), join(root, 'moved'));
    symlinkSync('../outside', join(root, 'sub'));
    sub.createFile(n('b'), 0o644).close();
    sub.setMetadata(n('a'), metadata({ mode: 0o600 }), false);
    expect(sub.list().sort()).toEqual(['a', 'b']);
    expect(readTree(outside)).toEqual({
      full: 'directory 755',
      'full/inner': 'file 644 precious',
      victim: 'file 600 precious',
    });
    expect(readTree(join(root, 'moved'))).toEqual({ a: 'file 600 a', b: 'file 644 ' });
    sub.close();
  });

  test('is gone when it has been removed, whatever is at its path now', async () => {
    plant(root, { sub: dir() });
    const sub = directory.openDirectory(n('sub'));
    rmdirSync(join(root, 'sub'));
    plant(root, { sub: dir(), 'sub/other': file('') });
    expect(sub.list()).toEqual([]);
    expect(await codeOf(() => sub.createFile(n('a'), 0o644))).toBe('ENOENT');
    sub.close();
  });

  test('tells what it is itself', () => {
    chmodSync(root, 0o1750);
    expect(directory.stat()).toMatchObject({
      type: 'directory',
      mode: 0o1750,
      uid: OWN_UID,
      gid: OWN_GID,
      inode: statSync(root).ino,
    });
  });

  test('tells the room on its file system', () => {
    const { freeBytes, freeNodes, blockSize } = directory.space();
    expect(freeBytes).toBeGreaterThan(0);
    expect(freeNodes === Number.POSITIVE_INFINITY || Number.isSafeInteger(freeNodes)).toBe(true);
    expect(blockSize).toBeGreaterThanOrEqual(512);
  });

  test('can be opened by its reference in another thread, also when it has been moved', async () => {
    writeFileSync(join(root, 'seen'), '');
    renameSync(root, join(folder.path, 'elsewhere'));
    const script = `
      const { parentPort, workerData } = require('node:worker_threads');
      import(workerData.module).then(({ REAL_DISK }) => {
        const directory = REAL_DISK.openRoot(workerData.reference);
        directory.createFile('made', 0o644).close();
        parentPort.postMessage(directory.list());
        directory.close();
      });`;
    const worker = new Worker(script, {
      eval: true,
      workerData: { reference: directory.reference, module: new URL('./real-disk.ts', import.meta.url).href },
    });
    const names = await new Promise((resolve, reject) =>
      worker.once('message', resolve).once('error', reject),
    );
    await worker.terminate();
    expect(names).toEqual(expect.arrayContaining(['seen', 'made']));
    expect(directory.list()).toContain('made');
  });
});

test('a FIFO does not hold whoever opens it', async () => {
  execFileSync('mkfifo', [join(root, 'fifo')]);
  expect(directory.lookup(n('fifo'))?.type).toBe('other');
  const open = directory.openFile(n('fifo'));
  expect(await codeOf(() => open.read(Buffer.alloc(1), 0))).toBe('ESPIPE');
  open.close();
  directory.setMetadata(n('fifo'), metadata({ mode: 0o601 }), false);
  expect(lstatSync(join(root, 'fifo')).mode & 0o777).toBe(0o601);
  expect(readWhole(directory, 'fifo')).toBeUndefined();
});

describe('names are bytes', () => {
  const names = [
    '\xff\xfe',
    'tab\there',
    'line\nbreak',
    ' ',
    '\xc3\xa9',
    '\xe9',
    '*?[',
    '-rf',
    '\x01\x7f',
    'n'.repeat(255),
  ] as FileName[];
  test.each(names)('%j', (name) => {
    directory.createFile(name, 0o640).close();
    directory.setMetadata(name, metadata({ mode: 0o4751 }), true);
    expect(directory.lookup(name)?.mode).toBe(0o4751);
    directory.appendFile(name, 0, 0).write(Buffer.from('abc'));
    const open = directory.openFile(name);
    expect(open.size).toBe(3);
    open.close();
    expect(directory.lookup(name)).toMatchObject({ type: 'file', size: 3 });
    expect(directory.list()).toEqual([name]);
    directory.makeLink(name, directory, n('second'));
    directory.removeFile(n('second'));
    directory.rename(name, directory, n('plain'));
    directory.rename(n('plain'), directory, name);
    expect(Object.keys(readTree(root))).toEqual([name]);
    directory.removeFile(name);
    directory.makeSymlink(name, `${name.slice(0, 50)}/\xfe` as ByteString);
    expect(directory.readLink(name)).toBe(`${name.slice(0, 50)}/\xfe`);
    directory.removeFile(name);
    directory.makeDirectory(name, 0o700);
    directory.openDirectory(name).close();
    directory.removeDirectory(name);
    expect(directory.list()).toEqual([]);
  });

  test('attributes stay on a file whose name becomes one that is not UTF-8', () => {
    directory.createFile(n('plain'), 0o644).close();
    directory.setMetadata(n('plain'), metadata({ xattrs: XATTRS }), true);
    directory.rename(n('plain'), directory, '\xff' as FileName);
    directory.rename('\xff' as FileName, directory, n('plain'));
    expect(directory.readXattrs(n('plain'))).toEqual(XATTRS);
  });
});

describe('metadata', () => {
  beforeEach(() => plant(root, { a: file('a'), d: dir(), l: symlink('a') }));

  const set = (name: string, some: Partial<NodeMetadata>, fresh = false): void =>
    directory.setMetadata(n(name), metadata(some), fresh);

  test.each([0o4755, 0o2755, 0o1777, 0o6711, 0o0, 0o600])('mode %i', (mode) => {
    set('a', { mode });
    set('d', { type: 'directory', mode });
    expect(directory.lookup(n('a'))?.mode).toBe(mode);
    expect(directory.lookup(n('d'))?.mode).toBe(mode);
    set('d', { type: 'directory', mode: 0o755 });
  });

  const capability = {
    name: 'security.capability' as ByteString,
    value: byteString(Buffer.from('0100000200040000000000000000000000000000', 'hex')),
  };
  const capabilities = OWN_UID === 0 ? [capability] : [];

  test.each([true, false])(
    'setuid and capabilities survive the change of the owner that clears them (fresh: %s)',
    (fresh) => {
      const wanted = { mode: 0o6755, uid: OTHER_UID, xattrs: capabilities };
      set('a', wanted, fresh);
      expect(directory.lookup(n('a'))).toMatchObject({ mode: 0o6755, uid: OTHER_UID });
      expect(directory.readXattrs(n('a'))).toEqual(capabilities);
      set('a', { ...wanted, uid: OWN_UID });
      expect(directory.lookup(n('a'))).toMatchObject({ mode: 0o6755, uid: OWN_UID });
      expect(directory.readXattrs(n('a'))).toEqual(capabilities);
    },
  );

  test('a file loses the capabilities and the setuid bit that it should not have', () => {
    set('a', { mode: 0o4755, xattrs: capabilities });
    set('a', { mode: 0o755 });
    expect(directory.lookup(n('a'))?.mode).toBe(0o755);
    expect(directory.readXattrs(n('a'))).toEqual([]);
  });

  test('attributes become exactly the wanted ones', () => {
    const other = [{ name: 'user.other' as ByteString, value: '' as ByteString }];
    set('a', { xattrs: [...XATTRS, ...other] });
    set('a', { xattrs: other });
    expect(directory.readXattrs(n('a'))).toEqual(other);
    set('d', { type: 'directory', mode: 0o755, xattrs: XATTRS });
    expect(directory.readXattrs(n('d'))).toEqual(XATTRS);
    expect(readXattrs(join(root, 'd'))).toEqual(XATTRS);
  });

  test('a link has an owner of its own and nothing else', () => {
    set('l', { type: 'symlink', mode: 0o600, uid: OTHER_UID, xattrs: XATTRS });
    expect(directory.lookup(n('l'))?.uid).toBe(OTHER_UID);
    expect(directory.lookup(n('a'))).toMatchObject({ uid: OWN_UID, mode: 0o644 });
    expect(directory.readXattrs(n('a'))).toEqual([]);
  });
});

describe('what is there is not overwritten', () => {
  beforeEach(() => plant(root, { a: file('0123456789'), d: dir(), 'd/x': file('x') }));

  test.each<[string, (d: Directory) => unknown, string]>([
    ['createFile', (d) => d.createFile(n('a'), 0o644), 'EEXIST'],
    ['makeDirectory', (d) => d.makeDirectory(n('a'), 0o644), 'EEXIST'],
    ['makeSymlink', (d) => d.makeSymlink(n('a'), 'x' as ByteString), 'EEXIST'],
    ['makeLink', (d) => d.makeLink(n('a'), d, n('d')), 'EEXIST'],
    ['removeDirectory', (d) => d.removeDirectory(n('d')), 'ENOTEMPTY'],
    ['removeFile of a directory', (d) => d.removeFile(n('d')), 'EISDIR'],
    ['openDirectory of a file', (d) => d.openDirectory(n('a')), 'ENOTDIR'],
    ['openFile of nothing', (d) => d.openFile(n('b')), 'ENOENT'],
    ['removeFile of nothing', (d) => d.removeFile(n('b')), 'ENOENT'],
  ])('%s', async (_, operation, code) => {
    const before = readTree(root);
    expect(await codeOf(() => operation(directory))).toBe(code);
    expect(readTree(root)).toEqual(before);
  });

  test.each([
    [0, 'new'],
    [4, '0123new'],
    [10, '0123456789new'],
  ])('appendFile keeps the first %i bytes', (keep, content) => {
    const open = directory.appendFile(n('a'), keep, 0o600);
    open.write(Buffer.from('n'));
    open.write(Buffer.from('ew'));
    open.sync();
    open.close();
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe(content);
  });

  test('appendFile makes what is missing', () => {
    const open = directory.appendFile(n('new'), 0, 0o600);
    open.write(Buffer.from('x'));
    open.close();
    expect(readTree(root).new).toBe('file 600 x');
  });

  test('replaceFile goes over what a cut has left', () => {
    writeFileSync(join(root, 'a.new'), 'torn');
    replaceFile(directory, 'a', Buffer.from('whole'));
    expect(readFileSync(join(root, 'a'), 'utf8')).toBe('whole');
    expect(existsSync(join(root, 'a.new'))).toBe(false);
  });

  test('removeTree takes all and stays inside', () => {
    symlinkSync('../../outside', join(root, 'd', 'link'));
    removeTree(directory, n('d'));
    removeTree(directory, n('nothing'));
    expect(readTree(root)).toEqual({ a: 'file 644 0123456789' });
    expect(readTree(outside)['full/inner']).toBe('file 644 precious');
  });
});

describe('PathWalker', () => {
  let walker: PathWalker;
  beforeEach(() => {
    plant(root, {
      a: dir(),
      'a/b': dir(),
      'a/b/c': file('c'),
      'a/bb': dir(),
      'a/bb/c': file('other'),
      f: file(''),
      l: symlink('a'),
      out: symlink('../outside'),
      self: symlink('.'),
      abs: symlink('/'),
    });
    walker = new PathWalker(directory);
  });
  afterEach(() => walker.reset());

  const contentAt = (path: string): string | undefined => {
    const { directory: parent, name } = walker.place(parseRepoPath(path));
    return readWhole(parent, name)?.toString();
  };

  test('finds what is below directories, in whatever order', () => {
    for (const [path, content] of [
      ['a/b/c', 'c'],
      ['a/bb/c', 'other'],
      ['a/b/c', 'c'],
      ['f', ''],
    ] as const)
      expect(contentAt(path)).toBe(content);
  });

  test.each([
    'l/b/c',
    'l/b',
    'out/victim',
    'self/f',
    'abs/etc',
    'f/x',
    'nothing/x',
    'a/b/c/d',
    'a/nothing/x',
  ])('%s is not reached', async (path) => {
    expect(walker.find(parseRepoPath(path))).toBeUndefined();
    expect(walker.lookup(parseRepoPath(path))).toBeUndefined();
    expect(await codeOf(() => walker.place(parseRepoPath(path)))).toMatch(/ELOOP|ENOTDIR|ENOENT/);
    expect(contentAt('a/b/c')).toBe('c');
  });

  test('keeps to the directory that it has opened until it is reset', () => {
    expect(contentAt('a/b/c')).toBe('c');
    renameSync(join(root, 'a'), join(root, 'old'));
    plant(root, { a: dir(), 'a/b': dir(), 'a/b/c': file('new') });
    expect(contentAt('a/b/c')).toBe('c');
    walker.reset();
    expect(contentAt('a/b/c')).toBe('new');
  });

  test('leaves no handle open', () => {
    const open = openHandles();
    for (const path of ['a/b/c', 'a/bb/c', 'l/b/c', 'f']) walker.find(parseRepoPath(path));
    expect(openHandles()).toBeGreaterThanOrEqual(open);
    walker.reset();
    expect(openHandles()).toBe(open);
  });
});

test('what the user names may be a link', () => {
  symlinkSync(root, join(folder.path, 'link'));
  const opened = REAL_DISK.openRoot(join(folder.path, 'link'));
  expect(opened.stat().inode).toBe(directory.stat().inode);
  opened.close();
  REAL_DISK.makeRoot(join(folder.path, 'x', 'y'), 0o700);
  expect(statSync(below(folder.path, 'x/y').toString()).isDirectory()).toBe(true);
});

test.each(['nothing', 'outside/victim'])('the root %s is refused', async (path) => {
  expect(await codeOf(() => REAL_DISK.openRoot(join(folder.path, path)))).toMatch(/ENOENT|ENOTDIR/);
});
