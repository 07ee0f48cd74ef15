import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ed25519Key, rootFields, signEnvelope } from '@swupd/manifests/trust';
import { type FileName, publicKeyOf } from '@swupd/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Directory, REAL_DISK } from '../disk/index.ts';
import { codeOf, temporaryFolder } from '../test-support.ts';
import { TrustStore } from './trust-store.ts';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
let directory: Directory;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, 'metadata');
  mkdirSync(path);
  directory = REAL_DISK.openRoot(path);
});
afterEach(() => {
  directory.close();
  folder[Symbol.dispose]();
});

function rootBytes(version: number, { seedByte = 1, product = 'phone' } = {}): Buffer {
  const seed = Buffer.alloc(32, seedByte);
  const keys = { keys: [ed25519Key(publicKeyOf(seed))], threshold: 1 };
  const roles = { root: keys, timestamp: keys, snapshot: keys, targets: keys };
  return signEnvelope(rootFields({ version, expires: 2_000_000_000, product, roles }), [seed]);
}

const FIRST = rootBytes(1);
const SECOND = rootBytes(2);
const OTHER = rootBytes(1, { seedByte: 9 });
const text = (bytes: Uint8Array | undefined) =>
  bytes === undefined ? undefined : Buffer.from(bytes).toString();
const names = () => readdirSync(path).sort();
const plant = (name: string, bytes: string | Uint8Array) => writeFileSync(join(path, name), bytes);
const open = (named?: Uint8Array) => new TrustStore(directory, named);

describe('an anchor', () => {
  test('has to come from somewhere', async () => {
    expect(await codeOf(() => open().anchor)).toBe('no-trust-anchor');
    expect(text(open(FIRST).root)).toBe(text(FIRST));
    expect(names()).toEqual([]);
  });

  test('is kept with the first metadata that it vouches for', () => {
    open(FIRST).save('timestamp', Buffer.from('t'));
    expect(names()).toEqual(['factory.root.json', 'timestamp.json']);
    expect(text(open().anchor)).toBe(text(FIRST));
    expect(text(open().load('timestamp'))).toBe('t');
  });

  test('is not written over by newer roots, which go before it', () => {
    open(FIRST).save('root', SECOND);
    open().save('root', rootBytes(3));
    expect(text(open().anchor)).toBe(text(FIRST));
    expect(text(open().root)).toBe(text(rootBytes(3)));
  });
});

describe('a kept root', () => {
  test.each([
    ['torn', SECOND.subarray(0, SECOND.length - 1)],
    ['empty', Buffer.alloc(0)],
    ['changed', Buffer.from(SECOND.toString().replace('"version":2', '"version":3'))],
    ['older than the anchor', FIRST],
    ['of another product', rootBytes(3, { product: 'car' })],
  ])('that is %s counts as absent: the way begins at the anchor', (_, bytes) => {
    open(SECOND).save('timestamp', Buffer.from('t'));
    plant('root.json', bytes);
    expect(text(open().root)).toBe(text(SECOND));
    open().save('root', rootBytes(3));
    expect(text(open().root)).toBe(text(rootBytes(3)));
  });

  test.each([
    ['torn', FIRST.subarray(0, 20)],
    ['empty', Buffer.alloc(0)],
    ['changed', Buffer.from(FIRST.toString().replace('"version":1', '"version":9'))],
  ])('stands in for an anchor that is %s', (_, bytes) => {
    plant('root.json', SECOND);
    plant('factory.root.json', bytes);
    expect(text(open().root)).toBe(text(SECOND));
    expect(open().anchorVersion).toBe(bytes.length === 0 ? 2 : undefined);
  });
});

describe('another anchor', () => {
  beforeEach(() => {
    const store = open(FIRST);
    store.save('root', SECOND);
    store.save('timestamp', Buffer.from('old'));
    store.save('targets', Buffer.from('old'));
  });

  test('leaves all as it is until the command has succeeded', () => {
    const store = open(OTHER);
    expect(text(store.root)).toBe(text(OTHER));
    store.save('root', rootBytes(2, { seedByte: 9 }));
    store.save('timestamp', Buffer.from('new'));
    expect([text(store.root), text(store.load('timestamp'))]).toEqual([
      text(rootBytes(2, { seedByte: 9 })),
      'new',
    ]);
    expect([text(open().anchor), text(open().root)]).toEqual([text(FIRST), text(SECOND)]);
    expect(text(open().load('timestamp'))).toBe('old');
    store.settle();
    expect([text(open().anchor), text(open().root)]).toEqual([
      text(OTHER),
      text(rootBytes(2, { seedByte: 9 })),
    ]);
    expect(text(open().load('timestamp'))).toBe('new');
  });

  test('takes the roots of the one before with it', () => {
    const store = open(OTHER);
    store.save('timestamp', Buffer.from('new'));
    store.settle();
    expect(text(open().root)).toBe(text(OTHER));
    expect(names()).not.toContain('root.json');
  });

  test('that nothing came of changes nothing', () => {
    open(OTHER).settle();
    expect([text(open().anchor), text(open().root)]).toEqual([text(FIRST), text(SECOND)]);
  });

  test('in place of a damaged one is kept at once', () => {
    plant('factory.root.json', '');
    plant('root.json', '');
    open(FIRST).save('timestamp', Buffer.from('new'));
    open(FIRST).settle();
    expect([text(open().anchor), text(open().load('timestamp'))]).toEqual([text(FIRST), 'new']);
  });
});

describe('a role', () => {
  test.each([
    '?',
    '#',
    '/delegated',
    '../delegated',
    '..',
    '',
    'a.b',
    'factory.root',
    'é',
    '\0',
    'x'.repeat(300),
  ])('called %j has a file of its own in the store', (role) => {
    open(FIRST).save(role, Buffer.from('mine'));
    expect(text(open().load(role))).toBe('mine');
    expect(names()).toHaveLength(2);
    expect(readFileSync(join(path, 'factory.root.json'))).toEqual(FIRST);
    expect(readdirSync(folder.path)).toEqual(['metadata']);
  });

  test('with the same bytes is not written again', () => {
    open(FIRST).save('timestamp', Buffer.from('t'));
    const writes: string[] = [];
    const createFile = directory.createFile.bind(directory);
    Object.assign(directory, {
      createFile: (name: FileName, mode: number) => {
        writes.push(name);
        return createFile(name, mode);
      },
    });
    open(FIRST).save('timestamp', Buffer.from('t'));
    expect(writes).toEqual([]);
    open(FIRST).save('timestamp', Buffer.from('u'));
    expect(writes).toEqual(['timestamp.json.new']);
  });

  test('that another command is writing, too, is written in the end', () => {
    const rename = directory.rename.bind(directory);
    let others = 3;
    Object.assign(directory, {
      rename: (from: FileName, to: Directory, name: FileName) => {
        // The other one takes our file for its own.
        if (others-- > 0) rmSync(join(path, from));
        rename(from, to, name);
      },
    });
    open(FIRST).save('timestamp', Buffer.from('t'));
    expect(text(open().load('timestamp'))).toBe('t');
    expect(names()).toEqual(['factory.root.json', 'timestamp.json']);
  });

  test('that can not be written at all is an error', async () => {
    Object.assign(directory, {
      createFile: () => {
        throw Object.assign(new Error('EEXIST'), { code: 'EEXIST' });
      },
    });
    expect(await codeOf(() => open(FIRST).save('timestamp', Buffer.from('t')))).toBe('EEXIST');
  });
});
