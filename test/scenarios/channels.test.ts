import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { startServer } from '../support/repository-service.ts';
import { codeOf, expectBuild, Scene } from '../support/scene.ts';
import { file } from '../support/tree.ts';

const image = (version: number) => ({ bundles: { 'os-core': { 'usr/version': file(`${version}`) } } });
const BETA = { offer: { channel: 'beta' } };

test('devices of two channels go their own ways', async () => {
  using scene = new Scene();
  const { repository } = scene;
  await repository.build(10, image(10));
  await repository.build(20, image(20), BETA);
  const careful = scene.device();
  const eager = scene.device({ channel: 'beta' });
  await careful.install();
  await eager.install();
  await expectBuild(scene, careful, { version: 10, bundles: ['os-core'] });
  await expectBuild(scene, eager, { version: 20, bundles: ['os-core'] });
  eager.channel = undefined;
  await repository.build(30, image(30), BETA);
  expect(await eager.update()).toMatchObject({ from: 20, to: 30 });
  expect(await careful.update()).toMatchObject({ kind: 'up-to-date' });
  expect(await codeOf(careful.update({ version: 20 }))).toBe('no-such-version');
  await repository.build(40, image(40), { offer: null });
  for (const device of [careful, eager]) expect(await device.update()).toMatchObject({ kind: 'up-to-date' });
  await repository.build(50, image(50));
  expect(await careful.update()).toMatchObject({ from: 10, to: 50 });
});

test('the administrator chooses a channel by a file', async () => {
  using scene = new Scene();
  await scene.repository.build(10, image(10));
  await scene.repository.build(20, image(20), BETA);
  const device = scene.device();
  await device.install();
  mkdirSync(join(device.root, 'etc/swupd'), { recursive: true });
  writeFileSync(join(device.root, 'etc/swupd/channel'), 'nightly\n');
  await expect(device.update()).rejects.toMatchObject({
    code: 'no-channel',
    exit: 21,
    details: { channels: ['stable', 'beta'] },
  });
  writeFileSync(join(device.root, 'etc/swupd/channel'), 'beta\n');
  expect(await device.update()).toMatchObject({ to: 20 });
});

test('looking for news that there are not takes two small answers', async () => {
  using scene = new Scene();
  await scene.repository.build(10, image(10));
  await using service = await startServer(scene.repository.path);
  const device = scene.device({ url: service.url });
  await device.install();
  for (const look of [() => device.checkUpdate(), () => device.update()]) {
    service.gateway.reset();
    await look();
    expect(service.gateway.passages.map(({ name, status }) => `${status} ${name}`)).toEqual([
      '404 metadata/2.root.json',
      '200 metadata/timestamp.json',
    ]);
    expect(service.gateway.bytes('metadata/timestamp.json')).toBeLessThan(1000);
  }
});

test('a channel with many builds has pages, which devices find when they need them', async () => {
  using scene = new Scene();
  const { repository } = scene;
  for (let version = 1; version <= 14; version++)
    await repository.build(version, image(version), { deltas: 1 });
  const device = scene.device();
  await device.install({ version: 2 });
  await expectBuild(scene, device, { version: 2, bundles: ['os-core'] });
  expect(await device.update({ version: 3 })).toMatchObject({ to: 3 });
  expect(await device.update()).toMatchObject({ from: 3, to: 14, stops: [] });
});
