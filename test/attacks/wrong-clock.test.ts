// Clocks that are wrong, by an empty battery or by somebody who sets the time of the network.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { expect, test } from 'vitest';
import { BUILD_TIME } from '../support/test-repository.ts';
import { AttackScene, DAY, image } from './attack-scene.ts';

const IN_2100 = 4_102_444_800;

function setClock({ device }: AttackScene, time: number): void {
  device.ports = { ...device.ports, now: () => time };
}

test('in 1970 what is new is taken, and what has expired is refused all the same', async () => {
  await using attack = await AttackScene.prepare();
  const stale = readFileSync(attack.path(LAYOUT.timestamp));
  await attack.repository.build(20, image(20), { time: BUILD_TIME + 40 * DAY });
  setClock(attack, 0);
  await attack.device.update();
  await attack.expectBuild(20);
  // What the device saw last tells it that this time is over, whatever its clock says.
  const state = join(attack.device.state, 'metadata');
  for (const role of ['timestamp', 'snapshot']) writeFileSync(join(state, `${role}.json`), '');
  attack.mirror.lies.set(LAYOUT.timestamp, stale);
  await attack.expectRefused({
    code: 'metadata-expired',
    details: { role: 'timestamp', now: '2027-02-24T08:00:00Z', clock: '1970-01-01T00:00:00Z' },
  });
});

test('in 2100 nothing is taken, nothing is lost, and with the right time all is well', async () => {
  await using attack = await AttackScene.prepare();
  await attack.release20();
  setClock(attack, IN_2100);
  await attack.expectRefused({ code: 'metadata-expired', exit: 21 });
  expect((await attack.device.diagnose()).findings).toEqual([]);
  await attack.device.add(['more']);
  await attack.device.remove(['more']);
  setClock(attack, BUILD_TIME + 60);
  await attack.expectRecovers(20);
});

test('a clock that jumps during an update is asked once', async () => {
  await using attack = await AttackScene.prepare();
  await attack.release20();
  let asked = 0;
  const { ports } = attack.device;
  attack.device.ports = { ...ports, now: () => (asked++ === 0 ? BUILD_TIME + 60 : IN_2100) };
  await attack.device.update();
  await attack.expectBuild(20);
});
