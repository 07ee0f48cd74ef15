import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { ImageLiteral } from '../support/image.ts';
import { codeOf, expectBuild, Scene } from '../support/scene.ts';
import type { TestDevice } from '../support/test-device.ts';
import { file, hardLink, type Tree } from '../support/tree.ts';

const SHARED: Tree = { 'usr/share/common/license': file('license'), 'usr/share/common/b': file('b') };

const IMAGE: ImageLiteral = {
  bundles: {
    'os-core': { 'usr/bin/sh': file('sh') },
    libs: { 'usr/lib/lib': file('lib'), 'usr/bin/sh': file('sh') },
    desktop: { 'usr/bin/desktop': file('desktop'), ...SHARED },
    games: { 'usr/bin/game': file('game'), ...SHARED },
    themes: { 'usr/share/theme': file('theme') },
    links: { 'usr/x/1': file('x'), 'usr/x/2': hardLink('usr/x/1') },
  },
  toml: `
[bundles.desktop]
includes = ["libs"]
also-add = ["themes"]
description = "windows"
[bundles.games]
includes = ["libs"]
[bundles.all]
includes = ["desktop", "games"]
`,
};

const NEXT: ImageLiteral = {
  bundles: {
    'os-core': IMAGE.bundles['os-core'] ?? {},
    libs: { 'usr/lib/lib': file('lib 20') },
    sound: { 'usr/lib/sound': file('sound') },
    desktop: { 'usr/bin/desktop': file('desktop 20'), ...SHARED },
    themes: IMAGE.bundles.themes ?? {},
  },
  toml: '[bundles.desktop]\nincludes = ["libs", "sound"]\n',
};

describe('bundles', () => {
  let scene: Scene;
  let device: TestDevice;
  beforeAll(async () => {
    scene = new Scene();
    await scene.repository.build(10, IMAGE);
    await scene.repository.build(20, NEXT);
  });
  afterAll(() => scene[Symbol.dispose]());
  beforeEach(async () => {
    device = scene.device();
    await device.install({ version: 10 });
  });
  const has = (path: string): boolean => existsSync(join(device.root, path));

  test('a bundle comes with what it includes and what it proposes', async () => {
    expect((await device.add(['desktop'])).added).toEqual(['desktop', 'libs', 'themes']);
    await expectBuild(scene, device, { version: 10, bundles: ['os-core', 'desktop', 'libs', 'themes'] });
  });

  test('--skip-optional leaves out what is only proposed', async () => {
    expect((await device.add(['desktop'], { skipOptional: true })).added).toEqual(['desktop', 'libs']);
  });

  test('a bundle without files brings the others', async () => {
    expect((await device.add(['all'], { skipOptional: true })).added).toEqual([
      'all',
      'desktop',
      'games',
      'libs',
    ]);
  });

  test('files that another bundle has as well stay when one goes', async () => {
    await device.add(['desktop', 'games'], { skipOptional: true });
    expect((await device.remove(['desktop'])).removed).toEqual(['desktop']);
    await expectBuild(scene, device, { version: 10, bundles: ['os-core', 'games', 'libs'] });
    await device.remove(['games']);
    expect(has('usr/share')).toBe(false);
    await expectBuild(scene, device, { version: 10, bundles: ['os-core', 'libs'] });
  });

  test('what others need stays, unless forced', async () => {
    await device.add(['desktop', 'games'], { skipOptional: true });
    expect(await codeOf(device.remove(['libs']))).toBe('bundle-required');
    expect(await codeOf(device.remove(['os-core'], { force: true }))).toBe('bundle-required');
    expect(await codeOf(device.remove(['links']))).toBe('bundle-not-installed');
    expect((await device.remove(['libs'], { force: true })).removed).toEqual(['desktop', 'games', 'libs']);
    await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
  });

  test('orphans go when asked', async () => {
    await device.add(['desktop']);
    await device.remove(['desktop']);
    expect((await device.remove([], { orphans: true })).removed).toEqual(['libs', 'themes']);
    await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
  });

  test('--recursive takes the dependencies that nobody else needs', async () => {
    await device.add(['desktop', 'games', 'libs'], { skipOptional: true });
    expect((await device.remove(['desktop'], { recursive: true })).removed).toEqual(['desktop']);
    await device.add(['desktop'], { skipOptional: true });
    await device.remove(['games']);
    expect((await device.remove(['desktop'], { recursive: true })).removed).toEqual(['desktop']);
    expect(has('usr/lib/lib')).toBe(true);
  });

  test('unknown names are said, and the others come all the same', async () => {
    expect(await device.add(['links', 'nonsense', '../evil'])).toMatchObject({
      added: ['links'],
      unknown: ['nonsense', '../evil'],
    });
    expect(await codeOf(device.add(['nonsense']))).toBe('unknown-bundle');
  });

  test('an update takes along what is new in the includes, and drops what the build dropped', async () => {
    await device.add(['desktop', 'games', 'links'], { skipOptional: true });
    expect(await device.update()).toMatchObject({ dropped: ['games', 'links'] });
    await expectBuild(scene, device, { version: 20, bundles: ['os-core', 'desktop', 'libs', 'sound'] });
  });
});
