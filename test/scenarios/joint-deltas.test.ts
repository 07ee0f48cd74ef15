import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ImageLiteral } from '../support/image.ts';
import { noise } from '../support/noise.ts';
import { startServer } from '../support/repository-service.ts';
import { expectBuild, Scene } from '../support/scene.ts';
import { file, type Tree } from '../support/tree.ts';

const PAGES = 12;
const PARAGRAPH = noise(99, 600);
const page = (number: number): Buffer => noise(number + 1, 5000);

/** Pages that all get the same paragraph, and one that is new and has something of two others. */
function imageOf(changed: boolean): ImageLiteral {
  const pages: Tree = Object.fromEntries(
    Array.from({ length: PAGES }, (_, i) => {
      const bytes = page(i);
      const next = Buffer.concat([bytes.subarray(0, 2000), PARAGRAPH, bytes.subarray(2000)]);
      return [`usr/share/doc/page-${String.fromCharCode(97 + i)}`, file(changed ? next : bytes)];
    }),
  );
  const merged = file(Buffer.concat([page(3).subarray(0, 3000), PARAGRAPH, page(7).subarray(1000)]));
  return { bundles: { 'os-core': { ...pages, ...(changed ? { 'usr/share/doc/new': merged } : {}) } } };
}

/** A device with build 10 before a repository with builds 10 and 20. */
async function prepare(scene: Scene) {
  await scene.repository.build(10, imageOf(false));
  const { summary } = await scene.repository.build(20, imageOf(true));
  const service = await startServer(scene.repository.path);
  const device = scene.device({ url: service.url });
  await device.install({ version: 10 });
  service.gateway.reset();
  const took = (prefix: string): number =>
    service.gateway.passages.filter(({ name, status }) => name.startsWith(prefix) && status < 300).length;
  return { service, device, summary, took };
}

test('what changes alike in many files is sent once', async () => {
  using scene = new Scene();
  const { service, device, summary, took } = await prepare(scene);
  await using _ = service;
  expect(summary.deltas.count).toBe(PAGES + 1);
  expect(summary.jointDeltas.count).toBe(1);
  expect(await device.update()).toMatchObject({ failures: [] });
  expect([took('packs/'), took('deltas/'), took('blobs/')]).toEqual([1, 0, 0]);
  expect(service.gateway.bytes('packs/')).toBeLessThan(3 * PARAGRAPH.length);
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});

test('a device without one of the sources takes what they make together from elsewhere', async () => {
  using scene = new Scene();
  const { service, device } = await prepare(scene);
  await using _ = service;
  writeFileSync(join(device.root, 'usr/share/doc/page-b'), 'edited');
  const result = await device.update();
  expect(result.kind === 'updated' && result.failures.length).toBe(PAGES + 1);
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});

test('a device repairs one file out of a pack with joint deltas', async () => {
  using scene = new Scene();
  const { service, device } = await prepare(scene);
  await using _ = service;
  await device.update();
  writeFileSync(join(device.root, 'usr/share/doc/new'), 'edited');
  await device.repair();
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});

test('builds with joint deltas do not depend on the number of threads', async () => {
  const packsOf = async (jobs: number): Promise<unknown> => {
    using scene = new Scene({ seed: 500 });
    await scene.repository.build(10, imageOf(false), { jobs });
    await scene.repository.build(20, imageOf(true), { jobs });
    return scene.repository.mom(20);
  };
  expect(await packsOf(1)).toEqual(await packsOf(3));
});
