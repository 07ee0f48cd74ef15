import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { expect, test } from 'vitest';
import { codeOf, expectBuild, Scene } from '../support/scene.ts';
import { write } from '../support/tamper.ts';
import { BUILD_TIME } from '../support/test-repository.ts';
import { file, type Tree } from '../support/tree.ts';

const DAY = 86_400;
const tree = (version: number): Tree => ({ 'usr/a': file(`a ${version}`), 'usr/b': file('b') });
const image = (version: number) => ({ bundles: { 'os-core': tree(version), more: { 'usr/m': file('m') } } });

test('an expired pointer stops updates, and nothing else', async () => {
  using scene = new Scene();
  await scene.repository.build(10, image(10));
  const device = scene.device();
  await device.install({ bundles: ['more'] });
  await scene.repository.build(20, image(20));
  device.ports = { ...device.ports, now: () => BUILD_TIME + 31 * DAY };
  const before = device.snapshot();
  await expect(device.update()).rejects.toMatchObject({ code: 'metadata-expired', exit: 21 });
  expect(device.snapshot()).toEqual(before);

  rmSync(join(device.root, 'usr/b'));
  expect((await device.diagnose()).findings).toHaveLength(1);
  await device.repair();
  await device.remove(['more']);
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
  await device.add(['more']);
  await expectBuild(scene, device, { version: 10, bundles: ['os-core', 'more'] });
});

test('old metadata that somebody plays again is refused', async () => {
  using scene = new Scene();
  await scene.repository.build(10, image(10));
  const old = readFileSync(join(scene.repository.path, LAYOUT.timestamp));
  await scene.repository.build(20, image(20));
  const device = scene.device();
  await device.install();
  write(scene.repository, LAYOUT.timestamp, old);
  await expect(device.update()).rejects.toMatchObject({ code: 'pointer-rollback', exit: 21 });
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});

test('a repository that is signed by others is refused, whatever it offers', async () => {
  using scene = new Scene();
  await scene.repository.build(10, image(10));
  const device = scene.device();
  await device.install();
  const before = device.snapshot();
  await scene.repository.build(20, image(20));
  // The same content, founded and signed with other keys.
  using other = new Scene();
  await other.repository.build(20, image(20));
  device.url = other.repository.url;
  await expect(device.update()).rejects.toMatchObject({ code: 'bad-pointer', exit: 21 });
  expect(device.snapshot()).toEqual(before);
});

test.each([
  ['metadata/timestamp.json', 'bad-pointer'],
  ['releases/20/mom', 'mom-mismatch'],
  ['releases/20/mom.sig', 'bad-mom-signature'],
])('%s with one byte changed is refused', async (name, code) => {
  using scene = new Scene();
  await scene.repository.build(10, image(10));
  const device = scene.device();
  await device.install();
  const before = device.snapshot();
  await scene.repository.build(20, image(20));
  const bytes = readFileSync(join(scene.repository.path, name));
  const at = bytes.length - 20;
  bytes[at] = bytes[at] === 0x30 ? 0x31 : 0x30;
  write(scene.repository, name, bytes);
  expect(await codeOf(device.update())).toBe(code);
  expect(device.snapshot()).toEqual(before);
});

test.each(['metadata/timestamp.json', 'metadata/root.json'])(
  'a torn %s in the state directory does no harm',
  async (name) => {
    using scene = new Scene();
    await scene.repository.build(10, image(10));
    const device = scene.device();
    await device.install();
    await scene.repository.build(20, image(20));
    for (const content of ['', '{"signed":', readFileSync(join(device.state, name)).subarray(0, 50)]) {
      writeFileSync(join(device.state, name), content);
      expect(await codeOf(device.update())).toBe('no error');
    }
    await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
  },
);
