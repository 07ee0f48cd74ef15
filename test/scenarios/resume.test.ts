import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { noise } from '../support/noise.ts';
import { startServer } from '../support/repository-service.ts';
import { codeOf, expectBuild, Scene } from '../support/scene.ts';
import { file } from '../support/tree.ts';

const SIZE = 3_000_000;

test('a transfer that is cut goes on where it stopped, within one run', async () => {
  using scene = new Scene();
  await scene.repository.build(10, { bundles: { 'os-core': { 'usr/big': file(noise(1, SIZE)) } } });
  await using service = await startServer(scene.repository.path);
  service.gateway.fault = (name, count) =>
    isContent(name) && count < 2 ? { kind: 'cut', after: 1_000_000 } : undefined;
  const device = scene.device({ url: service.url });
  await device.install();
  const content = service.gateway.passages.filter(({ name }) => isContent(name));
  expect(content.length).toBe(3);
  expect(content.at(-1)?.range).toMatch(/^bytes=[1-9]/);
  expect(service.gateway.bytes()).toBeLessThan(SIZE + 100_000);
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
});

test('and across runs', async () => {
  using scene = new Scene();
  await scene.repository.build(10, { bundles: { 'os-core': { 'usr/big': file(noise(1, SIZE)) } } });
  await using service = await startServer(scene.repository.path);
  const device = scene.device({ url: service.url });
  let calls = 0;
  // One megabyte, and from then on nothing: the run has to give up.
  service.gateway.fault = (name) => {
    if (!isContent(name)) return undefined;
    return ++calls === 1 ? { kind: 'cut', after: 1_000_000 } : { kind: 'status', status: 503 };
  };
  expect(await codeOf(device.install())).not.toBe('no error');
  service.gateway.fault = () => undefined;
  await device.install();
  expect(service.gateway.bytes('blobs/') + service.gateway.bytes('packs/')).toBeLessThan(SIZE + 100_000);
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
});

test('a file that arrives damaged gets no name, and is fetched anew by the next run', async () => {
  using scene = new Scene();
  await scene.repository.build(10, { bundles: { 'os-core': { 'usr/big': file(noise(1, SIZE)) } } });
  await using service = await startServer(scene.repository.path);
  service.gateway.fault = (name) => (isContent(name) ? { kind: 'corrupt', at: 500_000 } : undefined);
  const device = scene.device({ url: service.url });
  expect(await codeOf(device.install())).toBe('content-unavailable');
  expect(device.snapshot().size).toBe(0);
  expect(readdirSync(`${device.state}/cache`)).toEqual([]);
  service.gateway.fault = () => undefined;
  await device.install();
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
});

test('a server that knows no ranges costs bytes, and nothing else', async () => {
  using scene = new Scene();
  await scene.repository.build(10, { bundles: { 'os-core': { 'usr/big': file(noise(1, SIZE)) } } });
  await using service = await startServer(scene.repository.path);
  service.gateway.fault = (name, count) => {
    if (!isContent(name)) return undefined;
    return count === 0 ? { kind: 'cut', after: 1_000_000 } : { kind: 'no-range' };
  };
  const device = scene.device({ url: service.url });
  await device.install();
  expect(service.gateway.passages.at(-1)).toMatchObject({ status: 200, bytes: SIZE });
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
});

test.each([500, 502, 503, 429])(
  'a server that answers %i once to everything is asked again',
  async (status) => {
    using scene = new Scene();
    await scene.repository.build(10, { bundles: { 'os-core': { 'usr/a': file(noise(1, 5_000)) } } });
    await using service = await startServer(scene.repository.path);
    service.gateway.fault = (_, count) => (count === 0 ? { kind: 'status', status } : undefined);
    const device = scene.device({ url: service.url });
    await device.install();
    await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
  },
);

function isContent(name: string): boolean {
  return name.startsWith('blobs/') || name.startsWith('packs/');
}
