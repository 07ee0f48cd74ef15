// Servers that try to fill the device, or to hold it for ever.
import { readFileSync } from 'node:fs';
import { LAYOUT } from '@swupd/manifests';
import { LIMITS, sha256 } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { openSource } from '../../client/src/repository/index.ts';
import { AttackScene } from './attack-scene.ts';
import { currentName } from './forge.ts';
import { endless, trickle } from './mirror.ts';

const ALL = ['timestamp', 'snapshot', 'stable'];
/** Bytes that may be under way when a reader has had enough. */
const UNDER_WAY = 8 * 1024 * 1024;

/** The place of an attack, the limit on what a device reads there, and what it has kept by then. */
const PLACES: readonly [string, (attack: AttackScene) => string, number, readonly string[]][] = [
  ['the next root', () => LAYOUT.root(2), LIMITS.rootFile, []],
  ['the timestamp', () => LAYOUT.timestamp, LIMITS.timestampFile, []],
  ['the snapshot', ({ repository }) => currentName(repository, 'snapshot'), 1024, ['timestamp']],
  ['the channel', ({ repository }) => currentName(repository, 'stable'), 1024, ['timestamp', 'snapshot']],
  ['the MoM', (attack) => LAYOUT.momTarget('stable', 20, momDigest(attack)), 4096, ALL],
];

function momDigest(attack: AttackScene) {
  return sha256(readFileSync(attack.path(LAYOUT.mom(20))));
}

describe('endless data', () => {
  test.each(PLACES)('in place of %s', async (_, nameOf, limit, learns) => {
    await using attack = await AttackScene.prepare();
    await attack.release20();
    let sent = 0;
    attack.mirror.lies.set(
      nameOf(attack),
      endless((bytes) => {
        sent += bytes;
      }),
    );
    await attack.expectRefused(
      { code: expect.toBeOneOf(['body-too-long', 'wrong-size', 'mom-unavailable', 'too-slow']) },
      { learns },
    );
    expect(sent).toBeLessThan(limit + UNDER_WAY);
    await attack.expectRecovers(20);
  });
});

describe('slow retrieval', () => {
  test.each(PLACES)('of %s', async (_, nameOf, _limit, learns) => {
    await using attack = await AttackScene.prepare();
    await attack.release20();
    const patient = attack.device.ports;
    attack.device.ports = { ...patient, openRepository: openImpatiently };
    attack.mirror.lies.set(nameOf(attack), trickle(Buffer.alloc(5000, ' ')));
    await attack.expectRefused({ code: expect.toBeOneOf(['too-slow', 'mom-unavailable']) }, { learns });
    attack.device.ports = patient;
    await attack.expectRecovers(20);
  });
});

/** As devices have it, with the patience of a test. */
const openImpatiently: AttackScene['device']['ports']['openRepository'] = (url) =>
  openSource(url, {
    env: {},
    userAgent: 'swupd/0',
    now: () => performance.now(),
    random: () => 0,
    retryDelay: 1,
    maxRetries: 1,
    floorRate: { bytesPerSecond: 2000, window: 250 },
  });
