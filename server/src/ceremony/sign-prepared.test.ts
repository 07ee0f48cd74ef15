import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { canonicalJson, type Json } from '@swupd/manifests/trust';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyLab, type Lab, listFiles, openLab } from '../test-build.ts';
import { readPreparedRelease } from './prepared-release.ts';
import { replaceKeys } from './replace-keys.ts';
import { describePrepared, signPrepared } from './sign-prepared.ts';
import { changeOptions, ringOf, takeAway } from './test-ceremony.ts';

let waiting: Lab;

beforeAll(async () => {
  waiting = openLab();
  takeAway(waiting, ...[1, 2, 3].flatMap((n) => [`root-${n}.key`, `release-${n}.key`]));
  await waiting.build(10);
});

afterAll(() => waiting[Symbol.dispose]());

/** The prepared folder as it is carried away: without the repository. */
function carried(lab: Lab): string {
  const stick = join(lab.folder, 'stick');
  cpSync(`${lab.repository}.prepared`, stick, { recursive: true });
  return stick;
}

/** Changes what a prepared file says, signatures and all. */
function edit(folder: string, name: string, change: (signed: { [key: string]: Json }) => void): void {
  const path = join(folder, 'metadata', name);
  const envelope = JSON.parse(readFileSync(path, 'utf8'));
  change(envelope.signed);
  writeFileSync(path, canonicalJson(envelope));
}

describe('signPrepared', () => {
  test('adds one signature after the other, until there are enough, and none twice', () => {
    using lab = copyLab(waiting);
    const folder = carried(lab);
    const sign = (key: string) => signPrepared(readPreparedRelease(folder), ringOf(lab, key), undefined);
    expect(sign('release-1.key')).toMatchObject([
      { role: 'stable', added: [expect.any(String)], missing: { signed: 1, threshold: 2 } },
    ]);
    expect(sign('release-1.key')).toMatchObject([{ added: [], missing: { signed: 1 } }]);
    expect(sign('release-2.key')).toMatchObject([{ added: [expect.any(String)], missing: undefined }]);
    const complete = listFiles(folder);
    expect(sign('release-3.key')).toMatchObject([{ added: [], signed: { length: 2 } }]);
    expect(listFiles(folder)).toEqual(complete);
  });

  test('says what is signed', () => {
    const [file] = describePrepared(readPreparedRelease(`${waiting.repository}.prepared`));
    expect(file?.says).toEqual([expect.stringMatching(/^\+ offers build 10 \(MoM of \d+ bytes, SHA-256 /)]);
  });

  test.each([
    ['of a role that has no part in it', 'root-1.key'],
    ['for all files, where it has a part in none', 'root-1.key', undefined],
  ])('refuses a key %s', (_what, key, ...paths) => {
    using lab = copyLab(waiting);
    const release = readPreparedRelease(carried(lab));
    const named = paths.length === 0 ? release.files.map(({ path }) => path) : undefined;
    expect(() => signPrepared(release, ringOf(lab, key), named)).toThrow(
      expect.objectContaining({ code: 'key-not-needed' }),
    );
  });

  test.each([
    ['a field that nobody knows', (signed: { [key: string]: Json }) => Object.assign(signed, { extra: 1 })],
    [
      'a pattern of delegations by hashes',
      (signed: { [key: string]: Json }) =>
        Object.assign(signed, { delegations: { keys: {}, roles: [], more: 1 } }),
    ],
  ])('warns of %s', (_what, change) => {
    using lab = copyLab(waiting);
    const folder = carried(lab);
    edit(folder, '1.stable.json', change);
    const [file] = describePrepared(readPreparedRelease(folder));
    expect(file?.says.at(-1)).toMatch(/^! HAS MORE IN IT/);
  });

  test('shows who else would be let in', () => {
    using lab = copyLab(waiting);
    const folder = carried(lab);
    const stranger = { ...JSON.parse(readFileSync(join(`${lab.repository}.keys`, 'build.pub'), 'utf8')) };
    edit(folder, '1.stable.json', (signed) => {
      const keyid = '0'.repeat(64);
      const role = {
        name: 'stable.1',
        keyids: [keyid],
        threshold: 1,
        paths: ['stable/*/mom'],
        terminating: false,
      };
      signed.delegations = { keys: { [keyid]: stranger }, roles: [role] };
    });
    const says = describePrepared(readPreparedRelease(folder)).flatMap((file) => file.says);
    expect(says.join('\n')).toContain('! 1 of OTHER KEYS sign stable.1');
  });
});

describe('readPreparedRelease', () => {
  test('follows from the root that the signer has, or is refused', () => {
    using other = openLab();
    using lab = copyLab(waiting);
    const folder = carried(lab);
    const own = readFileSync(join(lab.repository, 'metadata/1.root.json'));
    expect(readPreparedRelease(folder, own).parts).toHaveLength(1);
    replaceKeys({
      ...changeOptions(other),
      role: 'timestamp',
      replace: [],
      add: [],
      folder: `${other.repository}.keys`,
      randomBytes: (size) => Buffer.alloc(size, 77),
    });
    const foreign = readFileSync(join(other.repository, 'metadata/2.root.json'));
    for (const root of [foreign, Buffer.from('{}'), own.subarray(1)]) {
      expect(() => readPreparedRelease(folder, root)).toThrow(
        expect.objectContaining({ code: 'wrong-root' }),
      );
    }
  });

  test('has nothing to sign where the files are older than what is published', () => {
    using lab = copyLab(waiting);
    const folder = carried(lab);
    edit(folder, '1.stable.json', (signed) => Object.assign(signed, { version: 7 }));
    expect(() => readPreparedRelease(folder)).toThrow(expect.objectContaining({ code: 'nothing-prepared' }));
  });

  test('has to be carried whole', () => {
    using lab = copyLab(waiting);
    const folder = carried(lab);
    rmSync(join(folder, 'published'), { recursive: true });
    expect(() => readPreparedRelease(folder)).toThrow(expect.objectContaining({ code: 'bad-prepared' }));
  });

  test('has no room for roles that nobody knows, whatever they are called', () => {
    using lab = copyLab(waiting);
    const folder = carried(lab);
    cpSync(join(folder, 'metadata/1.stable.json'), join(folder, 'metadata/1.%1b[2Jx.json'));
    expect(() => readPreparedRelease(folder)).toThrow(expect.objectContaining({ code: 'bad-prepared' }));
  });

  test.each([
    ['bad-prepared', 'metadata/1.stable.json', 'torn'],
    [
      'bad-metadata-file',
      'metadata/1.stable.json',
      '{"signatures":[],"signed":{"version":1,"_type":"root"}}',
    ],
    ['metadata-mismatch', 'published/metadata/1.targets.json', '{"signatures":[],"signed":{}}'],
    ['bad-root', 'published/metadata/1.root.json', ''],
  ])('%s where %s is not what it was', (code, name, text) => {
    using lab = copyLab(waiting);
    const folder = carried(lab);
    writeFileSync(join(folder, name), text);
    expect(() => readPreparedRelease(folder)).toThrow(expect.objectContaining({ code }));
  });
});
