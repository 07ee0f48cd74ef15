import { mkdtempSync, rmSync } from 'node:fs';
import { constants, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ByteString } from '@swupd/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  type Directory,
  type Disk,
  errnoOf,
  type NodeMetadata,
  type NodeStat,
  ownName,
  REAL_DISK,
} from '../../../client/src/disk/index.ts';
import { ModelDisk } from './index.ts';

/** Few names, so that operations meet; one that is no text, one that is too long. */
const NAMES = ['a', 'b', 'c', '\xff', 'n'.repeat(256)].map(ownName);
const name = fc.constantFrom(...NAMES);
/** The directory in which an operation happens: names from the top. */
const folder = fc.constantFrom([], [], ['a'], ['b'], ['a', 'b']).map((names) => names.map(ownName));
const xattrs = fc.constantFrom([], [{ name: 'user.x', value: '\0\xff' }], [{ name: 'user.y', value: 'y' }]);
const metadata = fc.record({
  type: fc.constantFrom('file', 'directory', 'symlink'),
  mode: fc.constantFrom(0o644, 0o4755, 0o2775, 0o1777, 0o600),
  uid: fc.constantFrom(0, 7),
  gid: fc.constantFrom(0, 8),
  xattrs,
}) as fc.Arbitrary<NodeMetadata>;
const size = fc.constantFrom(0, 1, 600, 5000);

type Operation = (open: (path: readonly string[]) => Directory) => unknown;

const operation: fc.Arbitrary<{ readonly text: string; readonly run: Operation }> = fc
  .oneof(
    operationOf('create', [folder, name, size], (open, at, one, bytes) => {
      const file = open(at).createFile(one, 0o666);
      file.write(Buffer.alloc(bytes, 1));
      file.sync();
      file.close();
    }),
    operationOf('append', [folder, name, size, size], (open, at, one, keep, bytes) => {
      const file = open(at).appendFile(one, keep, 0o640);
      file.write(Buffer.alloc(bytes, 2));
      file.close();
    }),
    operationOf('read', [folder, name, size], (open, at, one, position) => {
      const file = open(at).openFile(one);
      const buffer = Buffer.alloc(1000);
      try {
        return [file.read(buffer, position), buffer.toString('hex')];
      } finally {
        file.close();
      }
    }),
    operationOf('mkdir', [folder, name, fc.constantFrom(0o755, 0o777)], (open, at, one, mode) =>
      open(at).makeDirectory(one, mode),
    ),
    operationOf('symlink', [folder, name], (open, at, one) => open(at).makeSymlink(one, 'a' as ByteString)),
    operationOf('link', [folder, name, folder, name], (open, at, one, to, other) =>
      open(at).makeLink(one, open(to), other),
    ),
    operationOf('set metadata', [folder, name, metadata], (open, at, one, wanted) =>
      open(at).setMetadata(one, wanted, false),
    ),
    operationOf('rename', [folder, name, folder, name], (open, at, one, to, other) =>
      open(at).rename(one, open(to), other),
    ),
    operationOf('unlink', [folder, name], (open, at, one) => open(at).removeFile(one)),
    operationOf('rmdir', [folder, name], (open, at, one) => open(at).removeDirectory(one)),
    operationOf('lookup', [folder, name], (open, at, one) => seen(open(at).lookup(one))),
    operationOf('readlink', [folder, name], (open, at, one) => open(at).readLink(one)),
    operationOf('xattrs', [folder, name], (open, at, one) => open(at).readXattrs(one)),
    operationOf('stat', [folder], (open, at) => seen(open(at).stat())),
    operationOf('sync', [folder], (open, at) => open(at).sync()),
  )
  .map((made) => made as { text: string; run: Operation });

test('any operations in any order give the same on the model as on the real disk', () => {
  fc.assert(
    fc.property(fc.array(operation, { minLength: 1, maxLength: 30 }), (operations) => {
      const path = mkdtempSync(join(tmpdir(), 'swupd-model-'));
      try {
        const model = new ModelDisk();
        model.makeRoot('/top', 0o755);
        expect(runAll(model, '/top', operations)).toEqual(runAll(REAL_DISK, path, operations));
        expect(model.openHandles).toBe(0);
      } finally {
        rmSync(path, { recursive: true });
      }
    }),
    { numRuns: 1500, interruptAfterTimeLimit: 60_000 },
  );
});

/** What each of the operations gave or failed with, and the tree afterwards. */
function runAll(
  disk: Disk,
  path: string,
  operations: readonly { readonly text: string; readonly run: Operation }[],
): unknown {
  const root = disk.openRoot(path);
  root.makeDirectory(ownName('sub'), 0o755);
  const top = root.openDirectory(ownName('sub'));
  try {
    const results = operations.map(({ text, run }) => `${text}: ${outcome(top, run)}`);
    return { results, tree: listBelow(top, new Map()) };
  } finally {
    top.close();
    root.close();
  }
}

function outcome(top: Directory, run: Operation): string {
  const opened: Directory[] = [];
  const open = (path: readonly string[]): Directory => {
    let directory = top;
    for (const one of path) {
      directory = directory.openDirectory(ownName(one));
      opened.push(directory);
    }
    return directory;
  };
  try {
    return JSON.stringify(run(open)) ?? 'done';
  } catch (error) {
    const code = errnoOf(error) ?? codeInText(error);
    // Linux says either, depending on how the directory was opened.
    if (code !== undefined) return code === 'ELOOP' ? 'ENOTDIR' : code;
    throw error;
  } finally {
    for (const directory of opened) directory.close();
  }
}

/** The library for attributes gives its errors no other code. */
function codeInText(error: unknown): string | undefined {
  const number = Number(/\(os error (\d+)\)/.exec(String(error))?.[1]);
  return Object.entries(constants.errno).find(([, value]) => value === number)?.[0];
}

function listBelow(directory: Directory, inodes: Map<number, number>): unknown[] {
  return directory
    .list()
    .sort()
    .map((one) => {
      const stat = directory.lookup(one);
      if (stat?.type !== 'directory') {
        const inode = stat?.inode ?? 0;
        if (!inodes.has(inode)) inodes.set(inode, inodes.size);
        return [one, seen(stat), inodes.get(inode), directory.readXattrs(one)];
      }
      const child = directory.openDirectory(one);
      const below = listBelow(child, inodes);
      child.close();
      return [one, seen(stat), directory.readXattrs(one), below];
    });
}

/** Without what file systems differ in. */
function seen(stat: NodeStat | undefined): unknown {
  if (stat === undefined) return undefined;
  const { type, mode, uid, gid, links } = stat;
  return type === 'directory' ? { type, mode, uid, gid } : { type, mode, uid, gid, links, size: stat.size };
}

function operationOf<T extends unknown[]>(
  text: string,
  parts: { [Key in keyof T]: fc.Arbitrary<T[Key]> },
  run: (open: (path: readonly string[]) => Directory, ...values: T) => unknown,
): fc.Arbitrary<{ readonly text: string; readonly run: Operation }> {
  return fc.tuple<T>(...parts).map((values) => ({
    text: `${text} ${JSON.stringify(values)}`,
    run: (open) => run(open, ...values),
  }));
}
