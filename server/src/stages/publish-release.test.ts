import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { type Offer, offersOf } from '@swupd/manifests/trust';
import { sha256 } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { KeyRing } from '../keys/key-ring.ts';
import { preparedChange, readPrepared } from '../publication/prepared-metadata.ts';
import { publishChange } from '../publication/publish-change.ts';
import { refreshTimestamp } from '../publication/refresh-timestamp.ts';
import { withRepository } from '../publication/with-repository.ts';
import { listBuilds } from '../repository/read-builds.ts';
import { readMetadata } from '../repository/read-metadata.ts';
import { copyLab, type Lab, listFiles, noise, openLab, readMom, TIME } from '../test-build.ts';

function offers(lab: Lab, role: string): Offer[] {
  const page = readMetadata(lab.repository).roles.get(role);
  return page === undefined ? [] : offersOf(page, role);
}

const ringOf = (folder: string): KeyRing => KeyRing.open({ folder, signers: [], env: {} });

/** Takes the release keys away, and gives the folder with them. */
function takeReleaseKeys(lab: Lab): string {
  const away = join(lab.folder, 'holders');
  mkdirSync(away);
  const keys = `${lab.repository}.keys`;
  for (const name of readdirSync(keys).filter((file) => file.startsWith('release-')))
    renameSync(join(keys, name), join(away, name));
  return away;
}

describe('a build', () => {
  test('is offered with its conditions', async () => {
    using lab = openLab();
    await lab.build(10);
    const offer = {
      channel: 'stable',
      minFrom: 10,
      barrier: true,
      urgent: true,
      reason: 'a new boot loader',
    };
    const { publication } = await lab.build(20, { offer });
    expect(publication?.kind).toBe('published');
    expect(offers(lab, 'stable')).toMatchObject([
      { version: 10, barrier: false, minFrom: undefined },
      { version: 20, barrier: true, urgent: true, minFrom: 10, reason: 'a new boot loader' },
    ]);
  });

  test('that is not offered changes nothing for devices, and is what the next one starts from', async () => {
    using lab = openLab();
    await lab.build(10);
    const metadata = listFiles(join(lab.repository, 'metadata'));
    const { publication } = await lab.build(20, { offer: undefined });
    expect(publication).toBeUndefined();
    expect(listFiles(join(lab.repository, 'metadata'))).toEqual(metadata);
    expect(listBuilds(lab.repository)).toEqual([20, 10]);
    expect(existsSync(join(lab.repository, 'targets/stable/20'))).toBe(false);
    const { summary } = await lab.build(30);
    expect(summary.previous).toBe(20);
    expect(offers(lab, 'stable').map(({ version }) => version)).toEqual([10, 30]);
    await expect(lab.build(20)).rejects.toMatchObject({ code: 'version-too-low' });
  });

  test('waits for the release keys where they are elsewhere, with those that wait already', async () => {
    using lab = openLab();
    await lab.build(10);
    const holders = takeReleaseKeys(lab);
    const before = readMetadata(lab.repository).set.timestamp?.bytes;
    const results = [await lab.build(20), await lab.build(30)];
    expect(results.map(({ publication }) => publication?.kind)).toEqual(['prepared', 'prepared']);
    expect(readMetadata(lab.repository).set.timestamp?.bytes).toEqual(before);
    expect(readPrepared(lab.repository).map(({ role, envelope }) => [role, envelope.signed.version])).toEqual(
      [['stable', 2]],
    );
    publishWaiting(lab, holders);
    expect(offers(lab, 'stable').map(({ version }) => version)).toEqual([10, 20, 30]);
    expect(readdirSync(join(lab.repository, 'targets/stable'))).toEqual(['10', '20', '30']);
  });

  test.each([
    ['a channel that is not there', { offer: { channel: 'nightly' } }, 'unknown-channel'],
    ['conditions that nobody can meet', { offer: { channel: 'stable', minFrom: 20 } }, 'bad-offer'],
  ])('for %s fails before anything is made', async (_what, options, code) => {
    using lab = openLab();
    await lab.build(10);
    const before = listFiles(lab.folder);
    await expect(lab.build(20, options)).rejects.toMatchObject({ code });
    expect(listFiles(lab.folder)).toEqual(before);
  });

  test('needs no snapshot and timestamp keys where the release keys are elsewhere', async () => {
    using lab = openLab();
    takeReleaseKeys(lab);
    for (const role of ['snapshot', 'timestamp', 'root-1', 'root-2', 'root-3'])
      rmSync(join(`${lab.repository}.keys`, `${role}.key`));
    const { publication } = await lab.build(10);
    expect(publication?.kind).toBe('prepared');
    expect(listBuilds(lab.repository)).toEqual([10]);
  });

  test('makes updates cheap from what a channel offers newest, however long ago', async () => {
    using lab = openLab();
    for (const [version, channel] of [
      [10, 'stable'],
      [20, 'beta'],
      [30, 'beta'],
    ] as const) {
      lab.write({ 'os-core/usr/file': `${noise(20_000, 1)} ${version}` });
      await lab.build(version, { offer: { channel }, deltas: 1 });
    }
    lab.write({ 'os-core/usr/file': `${noise(20_000, 1)} 40` });
    using other = copyLab(lab);
    await lab.build(40, { deltas: 1 });
    const packs = readMom(lab.repository, 40).bundles[0]?.packs.map(({ from }) => from);
    expect(packs).toEqual([0, 10, 30]);
    await other.build(40, { deltas: 0 });
    expect(readMom(other.repository, 40).bundles[0]?.packs.map(({ from }) => from)).toEqual([0]);
  });

  test('and a timestamp that is signed meanwhile do not hinder each other', async () => {
    using lab = openLab();
    lab.write({ 'os-core/usr/file': noise(20_000, 1) });
    const building = lab.build(10);
    const folder = `${lab.repository}.keys`;
    const keys = { folder, signers: [], env: {} };
    refreshTimestamp({ repository: lab.repository, keys, time: TIME + 5, life: 86_400, pid: process.pid });
    await expect(lab.build(20)).rejects.toMatchObject({ code: 'build-running' });
    const { publication } = await building;
    expect(publication?.kind).toBe('published');
    expect(readMetadata(lab.repository).set.timestamp?.version).toBe(3);
    expect(offers(lab, 'stable').map(({ version }) => version)).toEqual([10]);
  });

  test('that dies while its metadata get their names is finished by whoever publishes next', async () => {
    using lab = openLab();
    using whole = copyLab(lab);
    await whole.build(10);
    const blocked = join(lab.repository, 'metadata/2.snapshot.json');
    mkdirSync(join(blocked, 'in the way'), { recursive: true });
    await expect(lab.build(10)).rejects.toMatchObject({ code: 'io-failed' });
    rmSync(blocked, { recursive: true });
    expect(offers(lab, 'stable')).toEqual([]);
    withRepository(lab.repository, process.pid, () => {});
    expect(listFiles(lab.repository)).toEqual(listFiles(whole.repository));
    await lab.build(20);
    expect(offers(lab, 'stable').map(({ version }) => version)).toEqual([10, 20]);
    expect(readMom(lab.repository, 20).previous).toBe(10);
  });

  test('that dies before its metadata are complete can be made again, also when others have published', async () => {
    using lab = openLab();
    const before = listFiles(lab.repository);
    // A folder where the journal is to be written.
    mkdirSync(`${lab.repository}.publishing.new/in the way`, { recursive: true });
    await expect(lab.build(10)).rejects.toMatchObject({ code: 'io-failed' });
    rmSync(`${lab.repository}.publishing.new`, { recursive: true });
    expect(Object.keys(listFiles(lab.repository))).toContain('releases/10/mom');
    const keys = { folder: `${lab.repository}.keys`, signers: [], env: {} };
    refreshTimestamp({ repository: lab.repository, keys, time: TIME + 5, life: 86_400, pid: process.pid });
    await expect(lab.build(10, { image: `${lab.image}.missing` })).rejects.toMatchObject({
      code: 'image-missing',
    });
    expect(Object.keys(listFiles(lab.repository))).toEqual(Object.keys(before));
    const { publication } = await lab.build(10);
    expect(publication?.kind).toBe('published');
    expect(offers(lab, 'stable').map(({ version }) => version)).toEqual([10]);
  });

  test('that dies when its offer waits already can be made again, for another channel too', async () => {
    using lab = openLab();
    const holders = takeReleaseKeys(lab);
    await lab.build(10);
    lab.write({ 'os-core/usr/file': 'content' });
    const blocked = join(lab.repository, dirname(LAYOUT.blob(sha256(Buffer.from('content')))));
    mkdirSync(dirname(blocked));
    // A file where the folder of the new blob should be.
    writeFileSync(blocked, '');
    await expect(lab.build(20)).rejects.toMatchObject({ code: 'io-failed' });
    rmSync(blocked);
    const { publication } = await lab.build(20, { offer: { channel: 'beta' }, time: TIME + 30 });
    expect(publication).toMatchObject({ kind: 'prepared', missing: [{ role: 'stable' }, { role: 'beta' }] });
    publishWaiting(lab, holders);
    expect(offers(lab, 'stable').map(({ version }) => version)).toEqual([10]);
    expect(offers(lab, 'beta').map(({ version }) => version)).toEqual([20]);
  });
});

/** Publishes what waits, with the keys of the holders. */
function publishWaiting(lab: Lab, holders: string): void {
  const state = readMetadata(lab.repository);
  const change = preparedChange(lab.repository, state);
  if (change === undefined) throw new TypeError('something waits');
  const secrets = [...ringOf(`${lab.repository}.keys`).secrets, ...ringOf(holders).secrets];
  const ring = new KeyRing(secrets, [], {});
  publishChange(change, { repository: lab.repository, state, ring, time: TIME + 100, life: 86_400 });
}
