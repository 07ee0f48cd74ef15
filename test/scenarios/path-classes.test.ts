import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { expectSameTree, Scene } from '../support/scene.ts';
import type { TestDevice } from '../support/test-device.ts';
import { file, type Tree } from '../support/tree.ts';

const TOML = `[classes]
config = ["/etc/**"]
state = ["/var/**"]
ghost = ["/usr/lib/kernel/**"]
boot = ["/boot/**"]
`;

const TEN: Tree = {
  'etc/changed': file('10'),
  'etc/same': file('same'),
  'etc/dropped': file('10'),
  'var/state': file('10'),
  'var/dropped': file('10'),
  'usr/lib/kernel/10': file('kernel 10'),
  'boot/loader': file('10'),
  'usr/a': file('a'),
};

const TWENTY: Tree = {
  'etc/changed': file('20'),
  'etc/same': file('same'),
  'etc/new': file('20'),
  'var/state': file('20'),
  'var/new': file('20'),
  'usr/lib/kernel/20': file('kernel 20'),
  'boot/loader': file('20'),
  'usr/a': file('a'),
};

describe('path classes', () => {
  let scene: Scene;
  let device: TestDevice;
  beforeAll(async () => {
    scene = new Scene();
    await scene.repository.build(10, { bundles: { 'os-core': TEN }, toml: TOML });
    await scene.repository.build(20, { bundles: { 'os-core': TWENTY }, toml: TOML });
  });
  afterAll(() => scene[Symbol.dispose]());
  beforeEach(async () => {
    device = scene.device();
    await device.install({ version: 10 });
  });
  const at = (path: string): string => join(device.root, path);
  const read = (path: string): string => readFileSync(at(path), 'utf8');

  test('an install brings all of them', () => {
    expectSameTree(device.snapshot(), scene.repository.expected(10, ['os-core']));
  });

  test('config that nobody has edited follows the build', async () => {
    const result = await device.update();
    expect(result).toMatchObject({ notices: [] });
    expect(read('etc/changed')).toBe('20');
    expect(read('etc/new')).toBe('20');
    expect(existsSync(at('etc/dropped'))).toBe(false);
  });

  test('config that somebody has edited stays, and is said', async () => {
    for (const path of ['etc/changed', 'etc/same', 'etc/dropped']) writeFileSync(at(path), 'mine');
    const result = await device.update();
    expect(result).toMatchObject({
      notices: [
        { path: 'etc/changed', reason: 'config-kept' },
        { path: 'etc/dropped', reason: 'config-kept' },
      ],
    });
    for (const path of ['etc/changed', 'etc/same', 'etc/dropped']) expect(read(path)).toBe('mine');
    expect((await device.diagnose()).findings).toEqual([]);
  });

  test('config that somebody has removed stays away until a repair', async () => {
    rmSync(at('etc/changed'));
    const result = await device.update();
    expect(result).toMatchObject({ notices: [{ path: 'etc/changed', reason: 'config-kept' }] });
    expect(existsSync(at('etc/changed'))).toBe(false);
    expect((await device.diagnose()).findings).toMatchObject([{ path: 'etc/changed', problem: 'missing' }]);
    await device.repair();
    expect(read('etc/changed')).toBe('20');
  });

  test('a config file of somebody at the path of a new one stays', async () => {
    writeFileSync(at('etc/new'), 'mine');
    expect(await device.update()).toMatchObject({ notices: [{ path: 'etc/new', reason: 'config-kept' }] });
    expect(read('etc/new')).toBe('mine');
  });

  test('a repair keeps edited config, and says so', async () => {
    writeFileSync(at('etc/same'), 'mine');
    const result = await device.repair();
    expect(result.notices).toEqual([{ path: 'etc/same', reason: 'config-kept' }]);
    expect(read('etc/same')).toBe('mine');
  });

  test('state is made once and never touched again', async () => {
    writeFileSync(at('var/state'), 'a database');
    chmodSync(at('var/state'), 0o600);
    expect(await device.update()).toMatchObject({ notices: [] });
    expect(read('var/state')).toBe('a database');
    expect(read('var/dropped')).toBe('10');
    expect(read('var/new')).toBe('20');
    rmSync(at('var/state'));
    expect((await device.diagnose()).findings).toEqual([]);
    await device.repair();
    expect(existsSync(at('var/state'))).toBe(false);
  });

  test('a ghost is left alone when it is dropped', async () => {
    await device.update();
    expect(read('usr/lib/kernel/10')).toBe('kernel 10');
    expect(read('usr/lib/kernel/20')).toBe('kernel 20');
    expect((await device.diagnose()).findings).toEqual([]);
  });

  test('boot files follow the build', async () => {
    await device.update();
    expect(read('boot/loader')).toBe('20');
  });
});
