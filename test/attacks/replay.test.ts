// Attacks that need no key: somebody between device and repository plays back what was signed once.
import { readFileSync } from 'node:fs';
import { LAYOUT } from '@swupd/manifests';
import { describe, expect, test } from 'vitest';
import { BUILD_TIME } from '../support/test-repository.ts';
import { AttackScene, DAY } from './attack-scene.ts';
import { currentName, forge, versioned } from './forge.ts';

test('rollback: metadata that the device has seen the successors of', async () => {
  await using attack = await AttackScene.prepare();
  attack.mirror.freeze('metadata');
  const old = new Map(attack.mirror.lies);
  attack.mirror.lies.clear();
  await attack.release20();
  await attack.device.update();
  await attack.expectBuild(20);
  for (const [name, lie] of old) attack.mirror.lies.set(name, lie);
  await attack.expectRefused({
    code: 'metadata-rollback',
    exit: 21,
    details: { role: 'timestamp', offered: 2, seen: 3 },
  });
  await attack.build(30);
  await attack.expectRecovers(30);
});

test('freeze: what is old is believed until it expires, and not a second longer', async () => {
  await using attack = await AttackScene.prepare();
  attack.mirror.freeze('metadata');
  await attack.release20();
  attack.device.ports = { ...attack.device.ports, now: () => BUILD_TIME + 30 * DAY - 1 };
  await attack.expectNothingNew(10);
  attack.device.ports = { ...attack.device.ports, now: () => BUILD_TIME + 30 * DAY };
  await attack.expectRefused({ code: 'metadata-expired', exit: 21, details: { role: 'timestamp' } });
  expect((await attack.device.diagnose()).findings).toEqual([]);
});

describe('mix-and-match', () => {
  test('an old channel beside a new snapshot', async () => {
    await using attack = await AttackScene.prepare();
    const old = readFileSync(attack.path(currentName(attack.repository, 'stable')));
    await attack.release20();
    attack.mirror.lies.set(currentName(attack.repository, 'stable'), old);
    await attack.expectRefused(
      { code: 'metadata-mismatch', details: { role: 'stable' } },
      { learns: ['timestamp', 'snapshot'] },
    );
    await attack.expectRecovers(20);
  });

  test('an old snapshot beside a new timestamp', async () => {
    await using attack = await AttackScene.prepare();
    const old = readFileSync(attack.path(currentName(attack.repository, 'snapshot')));
    await attack.release20();
    attack.mirror.lies.set(currentName(attack.repository, 'snapshot'), old);
    await attack.expectRefused(
      { code: 'metadata-mismatch', details: { role: 'snapshot' } },
      { learns: ['timestamp'] },
    );
    await attack.expectRecovers(20);
  });

  test('the MoM of one build under the name of another, with all that belongs to it', async () => {
    await using attack = await AttackScene.prepare();
    await attack.release20();
    attack.mirror.freeze('targets/stable/20');
    const [name = ''] = attack.mirror.lies.keys();
    attack.mirror.lies.set(name, readFileSync(attack.path(LAYOUT.mom(10))));
    await attack.expectRefused(
      { code: expect.toBeOneOf(['mom-mismatch', 'mom-unavailable']) },
      { learns: ['timestamp', 'snapshot', 'stable'] },
    );
    await attack.expectRecovers(20);
  });
});

describe('an old root played again', () => {
  test('as the next one', async () => {
    await using attack = await AttackScene.prepare();
    await attack.release20();
    attack.mirror.lies.set(LAYOUT.root(2), readFileSync(attack.path(LAYOUT.root(1))));
    await attack.expectRefused({ code: 'metadata-mismatch', details: { role: 'root' } });
    await attack.expectRecovers(20);
  });

  test('in place of one that has taken away its keys', async () => {
    await using attack = await AttackScene.prepare();
    forge(attack.repository, 'root', { keys: ['root-1', 'root-2'] });
    await attack.build(20);
    await attack.device.update();
    await attack.build(30);
    attack.mirror.lies.set(LAYOUT.root(3), readFileSync(attack.path(LAYOUT.root(1))));
    await attack.expectRefused({ code: 'metadata-mismatch', details: { role: 'root' } });
    // Not to be told of the newer root is a freeze: the one that is trusted stays.
    attack.mirror.lies.set(LAYOUT.root(2), 'absent');
    attack.mirror.lies.set(LAYOUT.root(3), 'absent');
    await attack.device.update();
    await attack.expectBuild(30);
  });
});

describe('a mirror with one right and one wrong half', () => {
  /** What the device may have got of build 20 by then, and that it has tried. */
  const VERIFIED = ['releases', 'documents', 'cache', 'downloads', 'history'];
  const WRONG = ['documents', 'packs', 'blobs', 'deltas'];

  test.each([
    ['all objects', WRONG],
    ['manifests only', ['documents']],
    ['content only', ['packs', 'blobs', 'deltas']],
  ])('right metadata, wrong %s', async (_, folders) => {
    await using attack = await AttackScene.prepare();
    await attack.release20();
    for (const folder of folders) attack.mirror.freeze(folder);
    for (const [name, lie] of attack.mirror.lies)
      if (lie instanceof Uint8Array) attack.mirror.lies.set(name, Buffer.alloc(lie.length, 'x'));
    await attack.expectRefused(
      { code: expect.toBeOneOf(['manifest-unavailable', 'content-unavailable']) },
      { learns: ['timestamp', 'snapshot', 'stable'], keeps: VERIFIED },
    );
    await attack.expectRecovers(20);
  });

  test('right content that no right metadata names', async () => {
    await using attack = await AttackScene.prepare();
    await attack.release20();
    attack.mirror.freeze('metadata');
    for (const name of attack.mirror.lies.keys()) attack.mirror.lies.set(name, Buffer.from('{}'));
    attack.mirror.lies.set(versioned('root', 2), 'absent');
    await attack.expectRefused({ code: 'bad-metadata', details: { role: 'timestamp' } });
    await attack.expectRecovers(20);
  });
});
