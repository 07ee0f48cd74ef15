import { expect, test } from 'vitest';
import type { ImageLiteral } from '../support/image.ts';
import { noise, slightlyChanged } from '../support/noise.ts';
import { expectBuild, Scene } from '../support/scene.ts';
import { file, symlink } from '../support/tree.ts';

const LIBRARY = noise(1, 50_000);

const TEN: ImageLiteral = {
  bundles: {
    'os-core': {
      'usr/bin/sh': file('shell 10', { mode: 0o755 }),
      'usr/bin/bash': symlink('sh'),
      'usr/lib/libc.so': file(LIBRARY),
      'usr/lib/gone.so': file('only in 10'),
    },
    editors: { 'usr/bin/edit': file('editor 10', { mode: 0o755 }), 'usr/share/edit/a': file('a') },
    docs: { 'usr/share/doc/readme': file('read me') },
  },
  toml: '[bundles.editors]\nincludes = ["docs"]\n',
};

const TWENTY: ImageLiteral = {
  ...TEN,
  bundles: {
    ...TEN.bundles,
    'os-core': {
      'usr/bin/sh': file('shell 20', { mode: 0o755 }),
      'usr/bin/bash': symlink('sh'),
      'usr/lib/libc.so': file(slightlyChanged(LIBRARY)),
      'usr/lib/new/deep/file': file('only in 20'),
    },
  },
};

test('install, update, add, remove and repair leave exactly what the build has', async () => {
  using scene = new Scene();
  await scene.repository.build(10, TEN);
  const device = scene.device();
  await device.install();
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });

  await scene.repository.build(20, TWENTY);
  const updated = await device.update();
  expect(updated).toMatchObject({ kind: 'updated', from: 10, to: 20, failures: [] });
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });

  const added = await device.add(['editors']);
  expect(added.added).toEqual(['docs', 'editors']);
  await expectBuild(scene, device, { version: 20, bundles: ['os-core', 'editors', 'docs'] });

  await device.remove(['editors'], { recursive: true });
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});
