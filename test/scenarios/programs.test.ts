import { readFileSync } from 'node:fs';
import { compress } from '@swupd/shared';
import { expect, test } from 'vitest';
import { startServer } from '../support/repository-service.ts';
import { expectBuild, Scene } from '../support/scene.ts';
import { file, type Tree } from '../support/tree.ts';

const [BASH, LS, CAT] = ['/bin/bash', '/bin/ls', '/bin/cat'].map((path) => readFileSync(path)) as [
  Buffer,
  Buffer,
  Buffer,
];
const TEN: Tree = { 'usr/bin/bash': file(BASH), 'usr/bin/ls': file(LS), 'usr/text': file('no program') };
const TWENTY: Tree = { ...TEN, 'usr/bin/cat': file(CAT) };

/** Bytes of the programs in one zstd frame. */
function plainPack(...programs: Buffer[]): number {
  return compress(Buffer.concat(programs), 19).bytes.length;
}

test('programs arrive filtered: smaller, and with their own bytes', async () => {
  using scene = new Scene();
  await scene.repository.build(10, { bundles: { 'os-core': TEN } });
  await scene.repository.build(20, { bundles: { 'os-core': TWENTY } });
  await using service = await startServer(scene.repository.path);
  const device = scene.device({ url: service.url });

  await device.install({ version: 10 });
  expect(service.gateway.bytes('packs/')).toBeLessThan(0.98 * plainPack(BASH, LS));
  expect(service.gateway.bytes('blobs/')).toBe(0);
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });

  service.gateway.reset();
  expect(await device.update()).toMatchObject({ failures: [] });
  expect(service.gateway.bytes('packs/')).toBeLessThan(plainPack(CAT));
  expect(service.gateway.bytes('blobs/')).toBe(0);
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});
