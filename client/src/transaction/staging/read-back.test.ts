import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Directory, type Disk, REAL_DISK } from '../../disk/index.ts';
import { readUncached } from '../../disk/uncached-read.ts';
import { readHistory } from '../../state/history.ts';
import { codeOf, describeTree, file, readTree, temporaryFolder } from '../../test-support.ts';
import { hasJournal } from '../journal/journal.ts';
import { fillCache, planFor, TO_RECORD, testSystem } from '../test-system.ts';
import { runTransaction } from '../transaction.ts';

const CHANGE = {
  installed: { a: file('a'), b: file('b') },
  target: { a: file('new'), b: file('newer'), c: file('') },
};

/** The real disk, but that files lie on it with one bit turned over. */
function lyingDisk(liesAbout: string): Disk {
  const originals = new WeakMap<object, object>();
  const wrap = (directory: Directory): Directory => {
    const proxy = new Proxy(directory, {
      get(_, key) {
        if (key === 'readUncached') return lie(directory, liesAbout);
        const value: unknown = Reflect.get(directory, key, directory);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]) => {
          const inner = args.map((arg) => originals.get(arg as object) ?? arg);
          const result: unknown = value.apply(directory, inner);
          return key === 'openDirectory' ? wrap(result as Directory) : result;
        };
      },
    });
    originals.set(proxy, directory);
    return proxy;
  };
  return { ...REAL_DISK, openRoot: (path) => wrap(REAL_DISK.openRoot(path)), syncFileSystem: () => {} };
}

function lie(directory: Directory, liesAbout: string): NonNullable<Directory['readUncached']> {
  return (name, use) => {
    const bytes = readFileSync(`${directory.reference}/${name}`);
    if (bytes.toString() === liesAbout) bytes[0] = (bytes[0] ?? 0) ^ 1;
    use(bytes);
    return true;
  };
}

test('a disk that gives back other bytes is found before anything changes', async () => {
  using system = testSystem(CHANGE.installed);
  await using device = system.open(lyingDisk('newer'));
  const plan = await planFor(device, CHANGE);
  fillCache(device, plan, CHANGE.target);
  expect(await codeOf(() => runTransaction(device, { plan, ...TO_RECORD }))).toBe('read-back-failed');
  expect(readTree(system.root)).toEqual(describeTree(CHANGE.installed));
  expect(hasJournal(device.state.top)).toBe(false);
  expect(readHistory(device.state.top)).toMatchObject([{ outcome: 'failed', code: 'read-back-failed' }]);
});

test('an honest one is not accused', async () => {
  using system = testSystem(CHANGE.installed);
  await using device = system.open();
  const plan = await planFor(device, CHANGE);
  fillCache(device, plan, CHANGE.target);
  const { readBack } = runTransaction(device, { plan, ...TO_RECORD });
  expect(readBack.checked + readBack.unchecked).toBe(3);
  expect(readTree(system.root)).toEqual(describeTree(CHANGE.target));
});

test.each([0, 1, 511, 4096, 1024 * 1024, 1024 * 1024 + 1, 3_000_000])(
  'a file of %i bytes is read past the cache as it is',
  (size) => {
    using folder = temporaryFolder();
    const path = join(folder.path, 'file');
    const bytes = Buffer.alloc(size, 'swupd');
    writeFileSync(path, bytes, { flush: true });
    const chunks: Buffer[] = [];
    if (readUncached(path, (chunk) => chunks.push(Buffer.from(chunk))))
      expect(Buffer.concat(chunks).equals(bytes)).toBe(true);
    else expect(chunks).toEqual([]);
    expect(() => readUncached(`${path}-missing`, () => {})).toThrow(
      expect.objectContaining({ code: 'ENOENT' }),
    );
  },
);
