import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ImageLiteral } from '../support/image.ts';
import { noise, slightlyChanged } from '../support/noise.ts';
import { codeOf, expectBuild, expectSameTree, Scene } from '../support/scene.ts';
import { directory, file, symlink } from '../support/tree.ts';

const VERSIONS = [10, 20, 30, 40];

/** Something comes, changes and goes in each build; something comes back; something never changes. */
function image(version: number): ImageLiteral {
  const library = version < 30 ? noise(1, 30_000) : slightlyChanged(noise(1, 30_000));
  return {
    bundles: {
      'os-core': {
        'usr/same': file(noise(2, 10_000)),
        'usr/lib': file(library),
        'usr/version': file(String(version)),
        [`usr/only-${version}/file`]: file('x'),
        ...(version % 20 === 0 ? {} : { 'usr/odd': symlink('same') }),
      },
    },
  };
}

describe('versions', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = new Scene();
    for (const version of VERSIONS) await scene.repository.build(version, image(version), { deltas: 2 });
  });
  afterAll(() => scene[Symbol.dispose]());

  const pairs = VERSIONS.flatMap((from) =>
    VERSIONS.filter((to) => to > from).map((to) => [from, to] as const),
  );

  test.each(pairs)('from %i to %i', async (from, to) => {
    const device = scene.device();
    await device.install({ version: from });
    expect(await device.update({ version: to })).toMatchObject({ kind: 'updated', from, to, failures: [] });
    await expectBuild(scene, device, { version: to, bundles: ['os-core'] });
  });

  test('one after the other, and then nothing', async () => {
    const device = scene.device();
    await device.install({ version: 10 });
    for (const version of [20, 30]) await device.update({ version });
    await device.update();
    await expectBuild(scene, device, { version: 40, bundles: ['os-core'] });
    expect(await device.update()).toMatchObject({ kind: 'up-to-date', version: 40 });
    expect(await device.update({ version: 40 })).toMatchObject({ kind: 'up-to-date' });
    expect(await codeOf(device.update({ version: 30 }))).toBe('no-such-version');
    expect(await codeOf(device.update({ version: 25 }))).toBe('no-such-version');
    expect(await codeOf(device.update({ version: 50 }))).toBe('no-such-version');
  });

  test('with the state in the root, as on a device', async () => {
    const device = scene.device({ stateInRoot: true });
    await device.install({ version: 10 });
    await device.update();
    const found = device.snapshot({ except: ['var'] });
    expectSameTree(found, scene.repository.expected(40, ['os-core']));
    expect((await device.diagnose({ picky: true })).findings).toEqual([]);
  });

  test('an update puts right on its way what it changes anyway', async () => {
    const device = scene.device();
    await device.install({ version: 10 });
    writeFileSync(join(device.root, 'usr/lib'), 'damaged');
    writeFileSync(join(device.root, 'usr/version'), 'damaged');
    await device.update();
    await expectBuild(scene, device, { version: 40, bundles: ['os-core'] });
  });
});

describe('an install into a root that is not empty', () => {
  test('keeps what is right, keeps aside what is not ours, and leaves the rest alone', async () => {
    using scene = new Scene();
    const tree = {
      'usr/a': file('a'),
      'usr/b': file('b'),
      'usr/dir': directory({ mode: 0o755 }),
      'usr/link': symlink('a'),
    };
    await scene.repository.build(10, { bundles: { 'os-core': tree } });
    const device = scene.device();
    mkdirSync(join(device.root, 'usr/dir'), { recursive: true });
    mkdirSync(join(device.root, 'home'));
    writeFileSync(join(device.root, 'home/mine'), 'mine');
    writeFileSync(join(device.root, 'usr/a'), 'a');
    writeFileSync(join(device.root, 'usr/b'), 'somebody else');
    writeFileSync(join(device.root, 'usr/link'), 'a file');
    const { outcome } = await device.install();
    expect(outcome.notices).toEqual([
      { path: 'usr/b', reason: 'kept-aside' },
      { path: 'usr/link', reason: 'kept-aside' },
    ]);
    expect(readFileSync(join(device.root, 'usr/b.kept-1'), 'utf8')).toBe('somebody else');
    const except = ['home', 'usr/b.kept-1', 'usr/link.kept-1'];
    expectSameTree(device.snapshot({ except }), scene.repository.expected(10, ['os-core']));
    expect(await codeOf(device.install())).toBe('already-installed');
  });
});
