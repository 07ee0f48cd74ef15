import { existsSync, mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { formatPublicFile } from '../keys/key-file.ts';
import { KEY_ROLES } from '../keys/key-role.ts';
import { renewRoles } from '../metadata/renew-roles.ts';
import { readMetadata } from '../repository/read-metadata.ts';
import { copyLab, type Lab, listFiles, openLab, writeTree } from '../test-build.ts';
import { changeRepository } from './change-repository.ts';
import { type ReplaceOptions, replaceKeys } from './replace-keys.ts';
import { changeOptions, offeredTo, takeAway, versions } from './test-ceremony.ts';

let built: Lab;

beforeAll(async () => {
  built = openLab();
  await built.build(10);
  await built.build(20, { offer: undefined });
});

afterAll(() => built[Symbol.dispose]());

function options(lab: Lab, more: Pick<ReplaceOptions, 'role'> & Partial<ReplaceOptions>): ReplaceOptions {
  let next = 200;
  return {
    ...changeOptions(lab),
    replace: [],
    add: [],
    folder: `${lab.repository}.keys`,
    randomBytes: (size) => Buffer.alloc(size, next++),
    ...more,
  };
}

const keysIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith('.key'))
        .sort()
    : [];

describe('replaceKeys', () => {
  test.each(KEY_ROLES)('%s: devices go on, and the old files sign nothing more', (role) => {
    using lab = copyLab(built);
    const keys = `${lab.repository}.keys`;
    const before = keysIn(keys).filter((name) => name.startsWith(role));
    const { publication, made, retired } = replaceKeys(options(lab, { role }));
    expect(publication.kind).toBe('published');
    expect(versions(offeredTo(lab, 'stable'))).toEqual([10]);
    expect(made).toHaveLength(before.length);
    expect(retired).toHaveLength(before.length);
    expect(keysIn(join(keys, 'retired'))).toEqual(before);
    const again = replaceKeys(options(lab, { role, randomBytes: (size) => Buffer.alloc(size, ++next) }));
    expect(again.publication.kind).toBe('published');
    expect(keysIn(join(keys, 'retired'))).toHaveLength(2 * before.length);
    expect(versions(offeredTo(lab, 'stable'))).toEqual([10]);
  });

  test('a new build key signs what is offered, and nothing that a thief may have left', () => {
    using lab = copyLab(built);
    replaceKeys(options(lab, { role: 'build' }));
    const signatures = (version: number) =>
      readdirSync(join(lab.repository, `releases/${version}`)).filter((name) => name.endsWith('.sig'));
    expect(signatures(10)).toHaveLength(2);
    expect(signatures(20)).toHaveLength(1);
  });

  test.each([1, 3])('a threshold of %i, with the keys as they are', (threshold) => {
    using lab = copyLab(built);
    const { gone, come, made, retired } = replaceKeys(options(lab, { role: 'root', threshold }));
    expect([gone, come, made, retired]).toEqual([[], [], [], []]);
    expect(readMetadata(lab.repository).set.root.roles.root.threshold).toBe(threshold);
    expect(versions(offeredTo(lab, 'stable'))).toEqual([10]);
  });

  test('one key of several, by the beginning of its id, with a key from elsewhere', () => {
    using lab = copyLab(built);
    writeTree(lab.folder, { 'stick/new.pub': formatPublicFile(Buffer.alloc(32, 222)) });
    const add = [join(lab.folder, 'stick/new.pub')];
    const ring = changeOptions(lab).openRing();
    const old = ring.secrets.find(({ path }) => path.endsWith('root-2.key'))?.keyId ?? '';
    const { gone, come, made } = replaceKeys(
      options(lab, { role: 'root', replace: [old.slice(0, 10)], add }),
    );
    expect([gone, come.length, made]).toEqual([[old], 1, []]);
    expect(versions(offeredTo(lab, 'stable'))).toEqual([10]);
  });

  test('a disk that fails in the middle of the publication keeps the new keys, and the next command goes on', () => {
    using lab = copyLab(built);
    const inTheWay = join(lab.repository, LAYOUT.metadata('3.snapshot.json'));
    mkdirSync(inTheWay);
    expect(() => replaceKeys(options(lab, { role: 'release' }))).toThrow(
      expect.objectContaining({ code: 'io-failed' }),
    );
    expect(keysIn(`${lab.repository}.keys`)).toContain('release-4.key');
    rmdirSync(inTheWay);
    changeRepository(changeOptions(lab), (base) => renewRoles(base, []));
    expect(readMetadata(lab.repository).set.targets?.version).toBe(2);
    expect(versions(offeredTo(lab, 'stable'))).toEqual([10]);
  });

  test.each<[string, Pick<ReplaceOptions, 'role'> & Partial<ReplaceOptions>, string[]]>([
    ['which-key', { role: 'root' }, ['root-1.key']],
    ['unknown-key', { role: 'root', replace: ['00000000'] }, []],
    ['keys-missing', { role: 'build', add: ['new.pub'] }, []],
    ['bad-public-key', { role: 'build', add: ['no.pub'] }, []],
    ['keys-missing', { role: 'release' }, ['snapshot.key']],
    ['keys-missing', { role: 'root' }, ['timestamp.key']],
  ])('%s: nothing has changed, and no key was left behind', (code, more, away) => {
    using lab = copyLab(built);
    takeAway(lab, ...away);
    writeTree(lab.folder, {
      'new.pub': formatPublicFile(Buffer.alloc(32, 222)),
      'no.pub': '{"keytype":"rsa"}',
    });
    const add = (more.add ?? []).map((name) => join(lab.folder, name));
    const before = listFiles(lab.folder);
    expect(() => replaceKeys(options(lab, { ...more, add }))).toThrow(expect.objectContaining({ code }));
    expect(listFiles(lab.folder)).toEqual(before);
  });
});

let next = 100;
