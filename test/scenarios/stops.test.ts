import { renameSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { expect, test } from 'vitest';
import { noise } from '../support/noise.ts';
import { startServer } from '../support/repository-service.ts';
import { codeOf, expectBuild, Scene } from '../support/scene.ts';
import { file } from '../support/tree.ts';

const BUNDLES = ['os-core', 'tools'];
const image = (version: number) => ({
  bundles: {
    'os-core': { 'usr/version': file(`${version}`), 'usr/lib': file(noise(version, 20_000)) },
    tools: { 'usr/tool': file(`tool ${version}`), [`usr/only-${version}`]: file('x') },
  },
});
const BARRIER = { channel: 'stable', barrier: true };

test('an update goes through the builds on the way, over HTTP, each a transaction', async () => {
  using scene = new Scene();
  const { repository } = scene;
  await repository.build(10, image(10));
  await repository.build(20, image(20), { offer: { ...BARRIER, reason: 'a new boot loader' } });
  await repository.build(30, image(30));
  await repository.build(40, image(40), { offer: { channel: 'stable', minFrom: 30, urgent: true } });
  await using service = await startServer(repository.path);
  const device = scene.device({ url: service.url });
  await device.install({ version: 10, bundles: ['tools'] });
  expect(await device.checkUpdate()).toMatchObject({ newest: 40, stops: [20, 30], urgent: true });
  expect(await device.update({ dryRun: true })).toMatchObject({ kind: 'planned', to: 40, stops: [20, 30] });
  await expectBuild(scene, device, { version: 10, bundles: BUNDLES });
  expect(await device.update()).toMatchObject({ kind: 'updated', to: 40, stops: [20, 30], failures: [] });
  await expectBuild(scene, device, { version: 40, bundles: BUNDLES });
  await device.rollback();
  await expectBuild(scene, device, { version: 30, bundles: BUNDLES });
  expect(await device.update()).toMatchObject({ from: 30, to: 40, stops: [] });
});

test('an update that breaks off between two builds goes on from there', async () => {
  using scene = new Scene();
  const { repository } = scene;
  await repository.build(10, image(10));
  await repository.build(20, image(20), { offer: BARRIER });
  await repository.build(30, image(30));
  const device = scene.device();
  await device.install({ version: 10, bundles: ['tools'] });
  const documents = repository.mom(30).bundles.map(({ manifest }) => LAYOUT.document(manifest.digest));
  const hide = (name: string): string => join(repository.path, `${name}.hidden`);
  for (const name of documents) renameSync(join(repository.path, name), hide(name));
  expect(await codeOf(device.update())).toBe('manifest-unavailable');
  await expectBuild(scene, device, { version: 20, bundles: BUNDLES });
  expect(device.warnings).toEqual([expect.stringContaining('build 20')]);
  for (const name of documents) renameSync(hide(name), join(repository.path, name));
  expect(await device.update()).toMatchObject({ from: 20, to: 30 });
  await expectBuild(scene, device, { version: 30, bundles: BUNDLES });
});

test('a device that no way leads on is told so, and stays as it is', async () => {
  using scene = new Scene();
  await scene.repository.build(10, image(10));
  const device = scene.device();
  await device.install({ bundles: ['tools'] });
  await scene.repository.build(30, image(30), { offer: { channel: 'stable', minFrom: 20 } });
  expect(await codeOf(device.update())).toBe('no-way');
  await expectBuild(scene, device, { version: 10, bundles: BUNDLES });
  const fresh = scene.device();
  await fresh.install();
  await expectBuild(scene, fresh, { version: 30, bundles: ['os-core'] });
});
