import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { Scene } from '../support/scene.ts';
import { snapshotTree } from '../support/snapshot-tree.ts';
import type { TestDevice } from '../support/test-device.ts';
import { file, symlink, type Tree } from '../support/tree.ts';

const TEN: Tree = {
  'usr/lib/a': file('a'),
  'usr/lib/deep/b': file('b'),
  'usr/lib/deep/goes': file('goes'),
  'usr/lib/gone/c': file('c'),
  'usr/share/x': file('x'),
};

const TWENTY: Tree = {
  'usr/lib/a': file('a 20'),
  'usr/lib/deep/b': file('b 20'),
  'usr/lib/deep/link': symlink('b'),
  'usr/lib/deep/new/d': file('d'),
  'usr/share/x': file('x'),
};

/** Each puts a link to `outside` in the place of something in the root that commands walk through. */
const PLANTS: Readonly<Record<string, string>> = {
  'a directory that changes': 'usr/lib',
  'a directory below': 'usr/lib/deep',
  'a directory that goes': 'usr/lib/gone',
  'the top': 'usr',
};

describe.each(Object.entries(PLANTS))('a link out of the root in the place of %s', (_, path) => {
  let scene: Scene;
  let device: TestDevice;
  let outside: string;
  beforeEach(async () => {
    scene = new Scene();
    await scene.repository.build(10, {
      bundles: { 'os-core': TEN, more: { 'usr/lib/deep/more': file('m') } },
    });
    await scene.repository.build(20, {
      bundles: { 'os-core': TWENTY, more: { 'usr/lib/deep/more': file('m 20') } },
    });
    device = scene.device();
    await device.install({ version: 10, bundles: ['more'] });
    // What the link leads to looks just like what was there.
    outside = join(scene.folder, 'outside');
    renameSync(join(device.root, path), outside);
    symlinkSync(outside, join(device.root, path));
  });
  afterEach(() => scene[Symbol.dispose]());

  test.each(['repair', 'picky repair', 'update', 'remove', 'install'])(
    '%s touches nothing out there',
    async (name) => {
      const before = snapshotTree(outside);
      const commands: Record<string, () => Promise<unknown>> = {
        repair: () => device.repair(),
        'picky repair': () => device.repair({ picky: true }),
        update: () => device.update(),
        remove: () => device.remove(['more']),
        install: () => device.install({ force: true }),
      };
      await commands[name]?.();
      expect(snapshotTree(outside)).toEqual(before);
      await device.repair();
      expect((await device.diagnose()).findings).toEqual([]);
      expect(snapshotTree(outside)).toEqual(before);
    },
  );
});

describe('links where the client keeps its own things', () => {
  test.each(['var', 'var/lib', 'var/lib/swupd'])('%s leads out of the root', async (path) => {
    using scene = new Scene();
    await scene.repository.build(10, { bundles: { 'os-core': { 'usr/a': file('a') } } });
    const device = scene.device({ stateInRoot: true });
    const outside = join(scene.folder, 'outside');
    mkdirSync(outside);
    mkdirSync(join(device.root, path, '..'), { recursive: true });
    symlinkSync(outside, join(device.root, path));
    await expect(device.install()).rejects.toThrow();
    expect(snapshotTree(outside).size).toBe(0);
  });

  test.each(['staging', 'cache', 'downloads', 'documents'])(
    '%s of the state directory leads out',
    async (name) => {
      using scene = new Scene();
      await scene.repository.build(10, { bundles: { 'os-core': { 'usr/a': file('a') } } });
      const device = scene.device({ stateInRoot: true });
      await device.install();
      const outside = join(scene.folder, 'outside');
      mkdirSync(outside);
      writeFileSync(join(outside, 'precious'), 'p');
      rmSync(join(device.state, name), { recursive: true, force: true });
      symlinkSync(outside, join(device.state, name));
      rmSync(join(device.root, 'usr/a'));
      await device.repair().catch(() => {});
      expect([...snapshotTree(outside).keys()]).toEqual(['precious']);
    },
  );
});
