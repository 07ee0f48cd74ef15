import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatManifest, LAYOUT, type Mom } from '@swupd/manifests';
import { ed25519Key, keyIdOf } from '@swupd/manifests/trust';
import { compressFrame, type FileName, publicKeyOf } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { describe, expect, test } from 'vitest';
import { type Directory, type Disk, REAL_DISK } from '../disk/index.ts';
import { codeOf, file, manifestOf, plant, readTree, TEST_TIME } from '../test-support.ts';
import { seedOf } from '../test-trust.ts';
import { checkUpdate } from './check-update.ts';
import { info } from './info.ts';
import {
  BUNDLES,
  BUNDLES_20,
  CORE,
  change,
  EDITORS,
  GAMES,
  install,
  LIBS,
  merged,
  PROGRAM,
  problems,
  QUICK,
  read,
  repository,
  root,
  state,
  UPDATE,
  updateAll,
  useSystem,
  WITHOUT_OLD,
} from './test-system.ts';
import { update } from './update.ts';

useSystem();

describe('an update', () => {
  const AFTER = () => merged(WITHOUT_OLD, BUNDLES_20.libs.tree, GAMES, EDITORS);

  test.each([
    ['fullfiles', {}],
    ['differences', { differences: true }],
    ['packs', { packs: true, differences: true }],
    ['loose deltas', { looseDeltas: true }],
    ['everything', { packs: true, looseDeltas: true, differences: true }],
  ])('by %s', async (_name, how) => {
    await install('editors');
    await repository.publish({ version: 20, bundles: BUNDLES_20, ...how });
    const planned = await updateAll({ dryRun: true });
    expect([planned.kind, readTree(root)]).toEqual(['planned', merged(CORE, LIBS, GAMES, EDITORS)]);
    const result = await updateAll();
    expect(result).toMatchObject({ kind: 'updated', from: 10, to: 20, failures: [] });
    expect(readTree(root)).toEqual(AFTER());
    expect(await problems()).toEqual([]);
    expect(await updateAll()).toMatchObject({ kind: 'up-to-date', version: 20 });
    if (planned.kind === 'up-to-date' || result.kind === 'up-to-date') throw new TypeError('nothing to do');
    expect(result.cost).toEqual({ ...planned.cost, space: result.cost.space });
    if ('packs' in how || 'looseDeltas' in how) expect(result.cost.downloadBytes).toBeLessThan(10_000);
  });

  test('that was downloaded needs no content afterwards', async () => {
    await install('editors');
    await repository.publish({ version: 20, bundles: BUNDLES_20 });
    expect(await updateAll({ downloadOnly: true })).toMatchObject({ kind: 'downloaded' });
    expect(readTree(root)).toEqual(merged(CORE, LIBS, GAMES, EDITORS));
    repository.remove('blobs');
    expect(await updateAll()).toMatchObject({ kind: 'updated', cost: { downloadBytes: 0, requests: 0 } });
    expect(readTree(root)).toEqual(AFTER());
  });

  test('keeps what was edited, and says so', async () => {
    await install();
    writeFileSync(join(root, 'etc/conf'), 'mine\n');
    plant(root, { 'usr/new': file('mine too') });
    await repository.publish({ version: 20, bundles: BUNDLES_20 });
    const result = await updateAll();
    expect(readTree(root)).toEqual(
      merged(WITHOUT_OLD, { 'etc/conf': file('mine\n'), 'usr/new.kept-1': file('mine too') }),
    );
    expect(result).toMatchObject({ notices: [{ path: 'etc/conf' }, { path: 'usr/new' }] });
  });

  test('drops bundles that the build does not have any more, and their files', async () => {
    await install('editors');
    const { games: __, editors: ___, ...bundles } = BUNDLES_20;
    await repository.publish({ version: 20, bundles });
    expect(await updateAll()).toMatchObject({ dropped: ['editors', 'games'] });
    expect(readTree(root)).toEqual(merged(WITHOUT_OLD, BUNDLES_20.libs.tree));
  });

  describe('falls from source to source', () => {
    const all = { packs: true, looseDeltas: true, differences: true };
    const spoil: [string, (mom: Mom) => void][] = [
      ['packs are gone', () => repository.remove('packs')],
      [
        'packs have other bytes',
        (mom) => eachPack(mom, (bytes) => Buffer.from(bytes).fill(0, bytes.length - 50)),
      ],
      ['packs are truncated', (mom) => eachPack(mom, (bytes) => bytes.subarray(0, bytes.length - 1))],
      ['packs are too long', (mom) => eachPack(mom, (bytes) => Buffer.concat([bytes, bytes]))],
      ['differences are gone', (mom) => eachDifference(mom, (name) => repository.remove(name))],
      [
        'differences have other bytes',
        (mom) =>
          eachDifference(mom, (name) =>
            repository.damage(name, (bytes) => Buffer.from(bytes).fill(1, 20, 30)),
          ),
      ],
      [
        'packs are gone and lists of deltas too',
        (mom) => {
          repository.remove('packs');
          for (const { deltaIndex } of mom.bundles)
            if (deltaIndex !== undefined) repository.remove(LAYOUT.document(deltaIndex.digest));
        },
      ],
      [
        'packs and deltas are gone',
        () => {
          repository.remove('packs');
          repository.remove('deltas');
        },
      ],
    ];
    const eachPack = (mom: Mom, damage: (bytes: Buffer) => Uint8Array): void => {
      for (const { packs } of mom.bundles)
        for (const { digest } of packs) repository.damage(LAYOUT.pack(digest), damage);
    };
    const eachDifference = (mom: Mom, damage: (name: ReturnType<typeof LAYOUT.document>) => void): void => {
      for (const { differences } of mom.bundles)
        for (const { document } of differences) damage(LAYOUT.document(document.digest));
    };
    test.each(spoil)('%s', async (_name, damage) => {
      await install('editors');
      damage(await repository.publish({ version: 20, bundles: BUNDLES_20, ...all }));
      expect(await updateAll()).toMatchObject({ kind: 'updated' });
      expect(readTree(root)).toEqual(AFTER());
      expect(readdirSync(join(state, 'downloads')).filter((name) => !name.startsWith('pack-'))).toEqual([]);
    });

    test('what the device has was damaged: a delta does not fit, a copy is none', async () => {
      await install('editors');
      writeFileSync(join(root, 'usr/program'), `X${PROGRAM.slice(1)}`, 'latin1');
      await repository.publish({ version: 20, bundles: BUNDLES_20, ...all });
      expect(await updateAll()).toMatchObject({ kind: 'updated' });
      expect(readTree(root)).toEqual(AFTER());
    });
  });

  describe('that can not be had leaves all as it was', () => {
    const rows: [string, (mom: Mom) => unknown, string][] = [
      [
        'a blob is gone',
        () => repository.remove(LAYOUT.blob(hashContent(Buffer.from('comes')))),
        'content-unavailable',
      ],
      [
        'a blob has other bytes',
        () => repository.damage(LAYOUT.blob(hashContent(Buffer.from('comes'))), () => Buffer.from('evils')),
        'content-unavailable',
      ],
      [
        'a blob is torn',
        () => repository.damage(LAYOUT.blob(hashContent(Buffer.from('comes'))), () => Buffer.from('com')),
        'content-unavailable',
      ],
      ['the repository is gone', () => repository.remove(''), 'server-unreachable'],
      ['the timestamp is gone', () => repository.remove(LAYOUT.timestamp), 'metadata-missing'],
      [
        'the timestamp is torn',
        () => repository.damage(LAYOUT.timestamp, (bytes) => bytes.subarray(1)),
        'bad-metadata',
      ],
      [
        'the timestamp has expired',
        () => publishAnew(() => Object.assign(repository.trust.expires, { timestamp: TEST_TIME - 1 })),
        'metadata-expired',
      ],
      [
        'the channel has expired',
        () => publishAnew(() => Object.assign(repository.trust.expires, { stable: TEST_TIME - 1 })),
        'metadata-expired',
      ],
      ['the snapshot is gone', () => repository.remove(metadata('snapshot')), 'metadata-missing'],
      [
        'the channel has other bytes',
        () => repository.damage(metadata('stable'), (bytes) => Buffer.from(bytes).fill('0', 100, 101)),
        'metadata-mismatch',
      ],
      ['the MoM is gone', (mom) => repository.remove(repository.momName(mom)), 'mom-unavailable'],
      [
        'the MoM has other bytes',
        (mom) =>
          repository.damage(repository.momName(mom), (bytes) =>
            Buffer.from(bytes.toString().replace('libs', 'lips')),
          ),
        'mom-mismatch',
      ],
      [
        'the MoM is signed by somebody else',
        (mom) => {
          const signed = momSignature(20, 8);
          repository.trust.seeds.build = [seedOf(99)];
          repository.publishMom({ ...mom, time: mom.time + 1 });
          repository.trust.seeds.build = [seedOf(8)];
          repository.trust.publish();
          repository.write(signed, repository.read(momSignature(20, 99)));
        },
        'bad-mom-signature',
      ],
      ['nobody has signed the MoM', () => repository.remove(momSignature(20, 8)), 'bad-mom-signature'],
      [
        'a manifest is gone',
        (mom) => repository.remove(LAYOUT.document(documentOf(mom).digest)),
        'manifest-unavailable',
      ],
      [
        'a manifest has other bytes',
        (mom) =>
          repository.damage(LAYOUT.document(documentOf(mom).digest), (bytes) =>
            Buffer.from(bytes).fill(0, 10, 20),
          ),
        'manifest-unavailable',
      ],
      [
        'a manifest is one of another bundle',
        (mom) => repository.publishMom(lying(mom, formatManifest(manifestOf(CORE, 'libs', 20)))),
        'manifest-unavailable',
      ],
      [
        'a manifest is none',
        (mom) => repository.publishMom(lying(mom, Buffer.from('nonsense\n'))),
        'bad-manifest',
      ],
      [
        'a manifest has a path out of the root',
        (mom) => repository.publishMom(lying(mom, escaping('usr/old', '../old'))),
        'bad-manifest',
      ],
      [
        'a manifest has a file below a link',
        (mom) => repository.publishMom(lying(mom, escaping('usr/old', 'usr/link/x'))),
        'bad-manifest',
      ],
    ];
    const metadata = (role: string) => LAYOUT.metadata(`${repository.trust.versionOf(role)}.${role}.json`);
    const momSignature = (version: number, byte: number) =>
      LAYOUT.momSignature(version, keyIdOf(ed25519Key(publicKeyOf(seedOf(byte)))));
    const publishAnew = (edit: () => unknown): void => {
      edit();
      repository.trust.publish();
    };
    const documentOf = (mom: Mom) =>
      (mom.bundles.find(({ name }) => name === 'os-core') ?? mom.bundles[0])?.manifest ?? {
        digest: '' as never,
      };
    /** The MoM with another document in place of os-core's manifest, signed by the right keys. */
    const lying = (mom: Mom, document: Buffer): Mom => {
      const stored = compressFrame(document, 3);
      const frame = {
        digest: hashContent(document),
        size: document.length,
        storedDigest: hashContent(stored),
        storedSize: stored.length,
      };
      repository.write(LAYOUT.document(frame.digest), stored);
      return {
        ...mom,
        bundles: mom.bundles.map((bundle) =>
          bundle.name === 'os-core' ? { ...bundle, manifest: frame } : bundle,
        ),
      };
    };
    const escaping = (path: string, other: string): Buffer => {
      const lines = formatManifest(manifestOf(CORE, 'os-core', 20))
        .toString('latin1')
        .replace(path, other)
        .split('\n');
      const empty = lines.indexOf('');
      return Buffer.from(
        [
          ...lines.slice(0, empty + 1),
          ...lines
            .slice(empty + 1, -1)
            .sort((a, b) =>
              (a.split('\t').find((f) => f.includes('usr') || f.includes('..')) ?? '') <
              (b.split('\t').find((f) => f.includes('usr') || f.includes('..')) ?? '')
                ? -1
                : 1,
            ),
          '',
        ].join('\n'),
        'latin1',
      );
    };
    test.each(rows)('%s', async (_name, damage, code) => {
      await install();
      const before = readTree(root);
      damage(await repository.publish({ version: 20, bundles: BUNDLES_20 }));
      expect(await codeOf(() => updateAll())).toBe(code);
      expect(readTree(root)).toEqual(before);
      expect(await problems()).toEqual([]);
      expect(await read(info)).toMatchObject({ version: 10 });
    });
  });

  test('to older metadata is refused', async () => {
    const first = readFileSync(join(repository.path, LAYOUT.timestamp));
    await repository.publish({ version: 20, bundles: BUNDLES_20 });
    await install();
    repository.write(LAYOUT.timestamp, first);
    expect(await codeOf(() => updateAll())).toBe('metadata-rollback');
    expect(await codeOf(() => read(checkUpdate))).toBe('metadata-rollback');
  });

  test.each([
    ['one that is not offered yet', 30],
    ['one below', 5],
  ])('to a version, %s', async (_name, version) => {
    await install();
    await repository.publish({ version: 20, bundles: BUNDLES_20 });
    expect(await codeOf(() => updateAll({ version }))).toBe('no-such-version');
  });

  test('to a version between', async () => {
    await install();
    await repository.publish({ version: 20, bundles: BUNDLES_20 });
    await repository.publish({ version: 30, bundles: BUNDLES });
    expect(await updateAll({ version: 20 })).toMatchObject({ kind: 'updated', to: 20 });
    expect(readTree(root)).toEqual(merged(WITHOUT_OLD));
    expect(await read(checkUpdate)).toMatchObject({ installed: 20, newest: 30, isNewer: true });
  });

  test('without room for it is refused before anything is downloaded', async () => {
    await install();
    await repository.publish({ version: 20, bundles: BUNDLES_20 });
    const before = readTree(root);
    const full: Disk = {
      ...QUICK,
      openRoot: (path) =>
        Object.defineProperty(QUICK.openRoot(path), 'space', {
          configurable: true,
          value: () => ({ freeBytes: 1000, freeNodes: 0, blockSize: 4096 }),
        }),
    };
    expect(await codeOf(() => change((device) => update(device, UPDATE), { disk: full }))).toBe('no-space');
    expect(readTree(root)).toEqual(before);
    expect([readdirSync(join(state, 'cache')), readdirSync(join(state, 'downloads'))]).toEqual([[], []]);
  });

  test('does not take a config file that it can not read for one that was edited', async () => {
    await install();
    await repository.publish({ version: 20, bundles: BUNDLES_20 });
    const before = readTree(root);
    const failing = failingWith('EIO', 'conf');
    expect(await codeOf(() => change((device) => update(device, UPDATE), { disk: failing }))).toBe('EIO');
    expect(readTree(root)).toEqual(before);
    await updateAll();
    expect(readTree(root)).toEqual(merged(WITHOUT_OLD));
  });
});

/** A disk on which files of this name can't be opened. */
function failingWith(code: string, name: string): Disk {
  const wrap = (directory: Directory): Directory =>
    Object.assign(directory, {
      openDirectory: failing(directory.openDirectory.bind(directory), wrap),
      openFile: failing(directory.openFile.bind(directory), (file) => file),
    });
  const failing =
    <T>(open: (name: FileName) => T, then: (opened: T) => T) =>
    (opened: FileName): T => {
      if ((opened as string) === name) throw Object.assign(new Error(code), { code });
      return then(open(opened));
    };
  return { ...REAL_DISK, openRoot: (path) => wrap(REAL_DISK.openRoot(path)) };
}
