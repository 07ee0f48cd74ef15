import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ImageLiteral } from '../support/image.ts';
import { noise, slightlyChanged } from '../support/noise.ts';
import { type Service, startServer } from '../support/repository-service.ts';
import { expectBuild, Scene } from '../support/scene.ts';
import { file, type Tree } from '../support/tree.ts';

const FILES = Array.from({ length: 12 }, (_, i) => noise(i + 1, 40_000));

function imageOf(changed: boolean): ImageLiteral {
  const tree: Tree = Object.fromEntries(
    FILES.map((bytes, i) => [`usr/lib/file-${i}`, file(changed ? slightlyChanged(bytes) : bytes)]),
  );
  return { bundles: { 'os-core': { ...tree, 'usr/version': file(changed ? '20' : '10') } } };
}

/** A device with build 10 before a repository with builds 10 and 20. */
async function prepare(scene: Scene) {
  await scene.repository.build(10, imageOf(false));
  await scene.repository.build(20, imageOf(true));
  const service = await startServer(scene.repository.path);
  const device = scene.device({ url: service.url });
  await device.install({ version: 10 });
  service.gateway.reset();
  return { service, device };
}

function took(service: Service): Record<string, number> {
  const count = (prefix: string): number =>
    service.gateway.passages.filter(({ name, status }) => name.startsWith(prefix) && status < 300).length;
  return { packs: count('packs/'), deltas: count('deltas/'), blobs: count('blobs/') };
}

function damage(scene: Scene, folder: 'packs' | 'deltas' | 'blobs', edit: 'delete' | 'corrupt' | 'truncate') {
  for (const name of scene.repository.objects(folder)) {
    const path = join(scene.repository.path, name);
    const bytes = readFileSync(path);
    if (edit === 'delete') rmSync(path);
    else if (edit === 'truncate') writeFileSync(path, bytes.subarray(0, bytes.length >> 1));
    else writeFileSync(path, bytes.fill(bytes.at(-1) === 0xa5 ? 0x5a : 0xa5, bytes.length >> 1));
  }
}

test('an update takes one pack of deltas', async () => {
  using scene = new Scene();
  const { service, device } = await prepare(scene);
  await using _ = service;
  const result = await device.update();
  expect(took(service)).toEqual({ packs: 1, deltas: 0, blobs: 0 });
  expect(result).toMatchObject({ failures: [], transferred: { requests: service.gateway.passages.length } });
  expect(service.gateway.bytes()).toBeLessThan(20_000);
  expect(result).toMatchObject({ cost: { downloadBytes: service.gateway.bytes('packs/'), requests: 1 } });
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});

test.each(['delete', 'corrupt', 'truncate'] as const)('%s the packs: loose deltas follow', async (edit) => {
  using scene = new Scene();
  const { service, device } = await prepare(scene);
  await using _ = service;
  damage(scene, 'packs', edit);
  const result = await device.update();
  expect(result.kind === 'updated' && result.failures.length).toBeGreaterThan(0);
  expect(took(service)).toMatchObject({ deltas: FILES.length });
  expect(service.gateway.bytes()).toBeLessThan(60_000);
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});

test.each(['delete', 'corrupt', 'truncate'] as const)(
  '%s packs and deltas: fullfiles follow',
  async (edit) => {
    using scene = new Scene();
    const { service, device } = await prepare(scene);
    await using _ = service;
    damage(scene, 'packs', edit);
    damage(scene, 'deltas', edit);
    const result = await device.update();
    expect(result.kind === 'updated' && result.failures.length).toBeGreaterThan(0);
    expect(took(service).blobs).toBeGreaterThanOrEqual(FILES.length);
    await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
  },
);

test('without any source the update fails and leaves the device as it was; the next one does not start over', async () => {
  using scene = new Scene();
  const { service, device } = await prepare(scene);
  await using _ = service;
  const blobs = scene.repository.objects('blobs').map((name) => join(scene.repository.path, name));
  const kept = blobs.map((path) => readFileSync(path));
  for (const folder of ['packs', 'deltas'] as const) damage(scene, folder, 'delete');
  damage(scene, 'blobs', 'corrupt');
  const before = device.snapshot();
  await expect(device.update()).rejects.toMatchObject({ code: 'content-unavailable', exit: 17 });
  expect(device.snapshot()).toEqual(before);
  blobs.forEach((path, i) => {
    writeFileSync(path, kept[i] ?? '');
  });
  await device.update();
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});

test('content that the device has somewhere else is not fetched', async () => {
  using scene = new Scene();
  await scene.repository.build(10, { bundles: { 'os-core': { 'usr/a/1': file(noise(1, 90_000)) } } });
  await scene.repository.build(20, {
    bundles: { 'os-core': { 'usr/b/1': file(noise(1, 90_000)), 'usr/b/copy': file(noise(1, 90_000)) } },
  });
  const device = scene.device();
  await device.install({ version: 10 });
  expect(await device.update()).toMatchObject({ cost: { downloadBytes: 0 } });
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});

test('a renamed file that changed a little comes as a delta', async () => {
  using scene = new Scene();
  const bytes = noise(3, 200_000);
  await scene.repository.build(10, { bundles: { 'os-core': { 'usr/lib/lib-1.2.3.so': file(bytes) } } });
  await scene.repository.build(20, {
    bundles: { 'os-core': { 'usr/lib/lib-1.2.4.so': file(slightlyChanged(bytes)) } },
  });
  await using service = await startServer(scene.repository.path);
  const device = scene.device({ url: service.url });
  await device.install({ version: 10 });
  service.gateway.reset();
  await device.update();
  expect(service.gateway.bytes()).toBeLessThan(5_000);
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});

test('an edited file on the device spoils its delta, and the fullfile makes up for it', async () => {
  using scene = new Scene();
  const { service, device } = await prepare(scene);
  await using _ = service;
  writeFileSync(join(device.root, 'usr/lib/file-3'), 'edited');
  await device.update();
  expect(took(service)).toMatchObject({ packs: 1, blobs: 1 });
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});

test('a repair after all of the repository but the installed build is gone needs nothing that is on the device', async () => {
  using scene = new Scene();
  await scene.repository.build(10, {
    bundles: { 'os-core': { 'usr/a': file('same'), 'usr/b': file('same'), 'usr/c': file('alone') } },
  });
  const device = scene.device();
  await device.install();
  device.url = `file://${scene.folder}/nowhere`;
  rmSync(join(device.root, 'usr/a'));
  const { outcome } = await device.repair();
  expect(outcome.transferred).toEqual({ requests: 0, bytes: 0 });
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
});

test('a dry run says exactly what an update transfers, and changes nothing', async () => {
  using scene = new Scene();
  const { service, device } = await prepare(scene);
  await using _ = service;
  const before = device.snapshot();
  const planned = await device.update({ dryRun: true });
  expect(planned.kind).toBe('planned');
  expect(device.snapshot()).toEqual(before);
  service.gateway.reset();
  const done = await device.update();
  if (planned.kind === 'up-to-date' || done.kind === 'up-to-date') throw new TypeError('nothing to do');
  const content = service.gateway.passages.filter(({ name }) => /^(?:packs|deltas|blobs)\//.test(name));
  expect(planned.cost.downloadBytes).toBe(content.reduce((sum, { bytes }) => sum + bytes, 0));
  expect(planned.cost.requests).toBe(content.length);
  expect(planned.cost.changes).toBe(FILES.length + 1);
});

test('after --download the update itself needs no content from the network', async () => {
  using scene = new Scene();
  const { service, device } = await prepare(scene);
  await using _ = service;
  const before = device.snapshot();
  expect(await device.update({ downloadOnly: true })).toMatchObject({ kind: 'downloaded' });
  expect(device.snapshot()).toEqual(before);
  service.gateway.reset();
  await device.update();
  expect(took(service)).toEqual({ packs: 0, deltas: 0, blobs: 0 });
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});
