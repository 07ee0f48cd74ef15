// What an attacker, an empty battery or a power cut leaves behind, and what the device can still do.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { codeOf, expectBuild, Scene } from '../support/scene.ts';
import { BUILD_TIME } from '../support/test-repository.ts';
import { AttackScene, DAY, image } from './attack-scene.ts';

test('expired metadata stops updates, and nothing else', async () => {
  using scene = new Scene();
  await scene.repository.build(10, image(10));
  const device = scene.device();
  await device.install({ bundles: ['more'] });
  await scene.repository.build(20, image(20));
  device.ports = { ...device.ports, now: () => BUILD_TIME + 31 * DAY };
  const before = device.snapshot();
  await expect(device.update()).rejects.toMatchObject({ code: 'metadata-expired', exit: 21 });
  expect(device.snapshot()).toEqual(before);

  rmSync(join(device.root, 'usr/text'));
  expect((await device.diagnose()).findings).toHaveLength(1);
  await device.repair();
  await device.remove(['more']);
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
  await device.add(['more']);
  await expectBuild(scene, device, { version: 10, bundles: ['os-core', 'more'] });
});

test.each(['timestamp', 'snapshot', 'targets', 'stable', 'factory.root'])(
  'a torn %s.json in the state directory does no harm',
  async (role) => {
    await using attack = await AttackScene.prepare();
    await attack.release20();
    const path = join(attack.device.state, `metadata/${role}.json`);
    const good = readFileSync(path);
    for (const content of ['', '{"signed":', good.subarray(0, 50), good.subarray(0, -1)]) {
      writeFileSync(path, content);
      expect(await codeOf(attack.device.update())).toBe('no error');
    }
    await attack.expectBuild(20);
  },
);
