import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Crash, crashingDisk } from '../support/crashing-disk.ts';
import { noise, slightlyChanged } from '../support/noise.ts';
import { Scene } from '../support/scene.ts';
import { compareTrees } from '../support/snapshot-tree.ts';
import { tempFolder } from '../support/temp-folder.ts';
import type { TestDevice } from '../support/test-device.ts';
import { directory, file, hardLink, symlink, type Tree, xattr } from '../support/tree.ts';

/** One of each kind of change, so that a cut between any two is tried. */
const BEFORE: Tree = {
  'usr/changes': file(noise(1, 20_000)),
  'usr/goes': file('goes'),
  'usr/mode': file('m'),
  'usr/to-directory': file('f'),
  'usr/to-file/deep/x': file('x'),
  'usr/to-link/x': file('x'),
  'usr/link': symlink('mode'),
  'usr/group-a': file('1'),
  'usr/group-b': hardLink('usr/group-a'),
  'boot/kernel': file('10'),
};

const AFTER: Tree = {
  'usr/changes': file(slightlyChanged(noise(1, 20_000))),
  'usr/mode': file('m', { mode: 0o4755, uid: 3, xattrs: [xattr('user.a', 'b')] }),
  'usr/to-directory/new': file('n'),
  'usr/to-file': file('a file'),
  'usr/to-link': symlink('mode'),
  'usr/link': symlink('changes'),
  'usr/group-a': file('2'),
  'usr/group-b': hardLink('usr/group-a'),
  'usr/new/empty': directory({ mode: 0o711 }),
  'boot/kernel': file('20'),
};

const TOML = '[classes]\nboot = ["/boot/**"]\n';

/** Each cut costs an installation and two updates with all their syncs. */
const MEMORY = '/dev/shm';

/** Every third change keeps the test short. */
const STRIDE = 3;

test('whichever change an update is cut before, the next one ends in the new build', async () => {
  using scene = new Scene({ parent: MEMORY });
  await scene.repository.build(10, { bundles: { 'os-core': BEFORE }, toml: TOML });
  await scene.repository.build(20, { bundles: { 'os-core': AFTER }, toml: TOML });
  const expected = scene.repository.expected(20, ['os-core']);
  const all = await cutUpdate(await installed(scene), Number.POSITIVE_INFINITY);
  expect(all).toBeGreaterThan(60);
  for (let allowed = 0; allowed < all; allowed += STRIDE) {
    const device = await installed(scene);
    await cutUpdate(device, allowed);
    await device.update();
    const differences = compareTrees(expected, device.snapshot());
    expect({ allowed, differences }).toEqual({ allowed, differences: [] });
    expect(existsSync(join(device.state, 'journal'))).toBe(false);
    expect(existsSync(join(device.state, 'staging'))).toBe(false);
    for (const folder of [device.root, device.state]) rmSync(folder, { recursive: true });
  }
});

test('a cut update can be cut again while it is finished', async () => {
  using scene = new Scene({ parent: MEMORY });
  await scene.repository.build(10, { bundles: { 'os-core': BEFORE }, toml: TOML });
  await scene.repository.build(20, { bundles: { 'os-core': AFTER }, toml: TOML });
  const expected = scene.repository.expected(20, ['os-core']);
  const all = await cutUpdate(await installed(scene), Number.POSITIVE_INFINITY);
  for (let allowed = 3; allowed < all; allowed += 11) {
    const device = await installed(scene);
    await cutUpdate(device, allowed);
    for (let again = 2; again < 12; again += 3) await cutUpdate(device, again);
    await device.update();
    const differences = compareTrees(expected, device.snapshot());
    expect({ allowed, differences }).toEqual({ allowed, differences: [] });
    for (const folder of [device.root, device.state]) rmSync(folder, { recursive: true });
  }
});

test('and so with the state directory on another file system', async () => {
  using scene = new Scene();
  using elsewhere = tempFolder('/dev/shm');
  await scene.repository.build(10, { bundles: { 'os-core': BEFORE }, toml: TOML });
  await scene.repository.build(20, { bundles: { 'os-core': AFTER }, toml: TOML });
  const expected = scene.repository.expected(20, ['os-core']);
  const state = join(elsewhere.path, 'state');
  const all = await cutUpdate(await installed(scene, state), Number.POSITIVE_INFINITY);
  for (let allowed = 1; allowed < all; allowed += 8) {
    rmSync(state, { recursive: true });
    const device = await installed(scene, state);
    await cutUpdate(device, allowed);
    await device.update();
    const differences = compareTrees(expected, device.snapshot({ except: ['.swupd-kept'] }));
    expect({ allowed, differences }).toEqual({ allowed, differences: [] });
  }
});

async function installed(scene: Scene, stateDirectory?: string): Promise<TestDevice> {
  const device = scene.device(stateDirectory === undefined ? {} : { stateDirectory });
  await device.install({ version: 10 });
  return device;
}

/** Updates with a process that dies before the change after `allowed`. Gives the changes that were tried. */
async function cutUpdate(device: TestDevice, allowed: number): Promise<number> {
  const { ports } = device;
  const disk = crashingDisk(allowed);
  // Whoever comes later finds the owner of the lock gone.
  const processes = { self: `${allowed} killed`, isAlive: () => false };
  device.ports = { ...ports, disk, processes };
  try {
    await device.update();
  } catch (error) {
    if (!(error instanceof Crash) && !hasCrash(error)) throw error;
  } finally {
    device.ports = ports;
  }
  return disk.changes;
}

function hasCrash(error: unknown): boolean {
  return error instanceof Error && (String(error.stack).includes('Crash') || hasCrash(error.cause));
}
