// Attacks by somebody who has good keys: what each of them is worth by itself, and how a repository gets rid of one.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatMom, LAYOUT } from '@swupd/manifests';
import { ed25519Key, formatMomSignature, keyIdOf, offerPath, signMom } from '@swupd/manifests/trust';
import { publicKeyOf, sha256, toHex } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { fieldOf, resign } from '../support/resign.ts';
import { BUILD_TIME, type TestRepository } from '../support/test-repository.ts';
import { write } from '../support/write-object.ts';
import { AttackScene } from './attack-scene.ts';
import { currentName, forge, versioned } from './forge.ts';

/** A MoM of the attacker's own. */
const EVIL = formatMom({ version: 666, previous: 10, time: BUILD_TIME, bundles: [] });

function publishEvil(repository: TestRepository, seed: Uint8Array): void {
  const signature = signMom(EVIL, seed);
  write(repository, LAYOUT.mom(666), EVIL);
  write(repository, LAYOUT.momTarget('stable', 666, sha256(EVIL)), EVIL);
  write(repository, LAYOUT.momSignature(666, signature.keyid), formatMomSignature(signature));
}

function offerEvil(repository: TestRepository): void {
  resign(repository, 'stable', (signed) => ({
    ...signed,
    targets: {
      ...fieldOf(signed, 'targets'),
      [offerPath('stable', 666)]: { length: EVIL.length, hashes: { sha256: sha256(EVIL) } },
    },
  }));
}

describe('build key stolen: nothing is offered', () => {
  test('a build that no channel names is not there', async () => {
    await using attack = await AttackScene.prepare();
    publishEvil(attack.repository, attack.repository.seed('build'));
    await attack.expectNothingNew(10);
    await attack.expectRefused(
      { code: 'no-such-version' },
      { command: () => attack.device.update({ version: 666 }) },
    );
  });

  test('a build in the place of one that is offered is refused', async () => {
    await using attack = await AttackScene.prepare();
    await attack.release20();
    const digest = sha256(readFileSync(attack.path(LAYOUT.mom(20))));
    const evil = formatMom({ version: 20, previous: 10, time: BUILD_TIME, bundles: [] });
    const signature = signMom(evil, attack.repository.seed('build'));
    attack.mirror.lies.set(LAYOUT.momTarget('stable', 20, digest), evil);
    attack.mirror.lies.set(LAYOUT.mom(20), evil);
    attack.mirror.lies.set(LAYOUT.momSignature(20, signature.keyid), formatMomSignature(signature));
    await attack.expectRefused(
      { code: expect.toBeOneOf(['mom-mismatch', 'mom-unavailable']) },
      { learns: ['timestamp', 'snapshot', 'stable'] },
    );
    await attack.expectRecovers(20);
  });
});

describe('release keys stolen: nothing new can be built', () => {
  const LEARNS = ['timestamp', 'snapshot', 'stable'];
  const REFUSED = { code: 'bad-mom-signature', exit: 4, details: { role: 'build' } };

  test('an offer that no build key has signed is refused, though snapshot and timestamp are stolen too', async () => {
    await using attack = await AttackScene.prepare();
    publishEvil(attack.repository, attack.repository.seed('release-1'));
    offerEvil(attack.repository);
    await attack.expectRefused(REFUSED, { learns: LEARNS });
  });

  test('a channel can not name a build key of its own', async () => {
    await using attack = await AttackScene.prepare();
    const { repository } = attack;
    const evil = new Uint8Array(32).fill(66);
    publishEvil(repository, evil);
    offerEvil(repository);
    const key = ed25519Key(publicKeyOf(evil));
    const role = { name: 'build', keyids: [keyIdOf(key)], threshold: 1, paths: [], terminating: false };
    resign(repository, 'stable', (signed) => ({
      ...signed,
      delegations: { keys: { [keyIdOf(key)]: key }, roles: [role] },
    }));
    await attack.expectRefused(REFUSED, { learns: LEARNS });
  });

  test('an old build can be offered again, as what it is', async () => {
    await using attack = await AttackScene.prepare();
    await attack.release20();
    await attack.device.update();
    resign(attack.repository, 'stable', (signed) => {
      const { [offerPath('stable', 20)]: _, ...left } = fieldOf(signed, 'targets');
      return { ...signed, targets: left };
    });
    // A device never goes back by itself.
    await attack.expectNothingNew(20);
    await attack.expectBuild(20);
  });
});

describe('fast-forward', () => {
  const FAR = 1_000_000;

  test('versions that a thief has raised are void once his keys are taken away', async () => {
    await using attack = await AttackScene.prepare();
    const { repository, mirror } = attack;
    await attack.release20();
    // Snapshot and timestamp keys stolen: on a mirror of the thief's, versions go far ahead.
    const honest = new Map(
      ['timestamp', 'snapshot'].map((role) => [
        role,
        readFileSync(attack.path(currentName(repository, role))),
      ]),
    );
    forge(repository, 'snapshot', { keys: ['snapshot'], edit: (signed) => ({ ...signed, version: FAR }) });
    forge(repository, 'timestamp', { keys: ['timestamp'], edit: (signed) => ({ ...signed, version: FAR }) });
    await attack.device.update();
    await attack.expectBuild(20);
    // The repository's own metadata look old now.
    write(repository, LAYOUT.timestamp, honest.get('timestamp') ?? Buffer.alloc(0));
    await attack.expectRefused({ code: 'metadata-rollback', details: { role: 'timestamp', seen: FAR } });
    // New keys for both, in a root that the holders of the root keys sign.
    const fresh = takeKeysAway(repository);
    fresh.publish();
    await attack.device.update();
    await attack.expectNothingNew(20);
    expect(mirror.asked).toContain(versioned('root', 2));
    expect(readFileSync(join(attack.device.state, 'metadata/timestamp.json'), 'utf8')).toContain(
      '"version":4',
    );
  });
});

/** A root that names other keys for snapshot and timestamp; `publish` signs the two with them. */
function takeKeysAway(repository: TestRepository): { publish(): void } {
  const seeds = { snapshot: new Uint8Array(32).fill(71), timestamp: new Uint8Array(32).fill(72) };
  const keys = Object.entries(seeds).map(([role, seed]) => [role, ed25519Key(publicKeyOf(seed))] as const);
  forge(repository, 'root', {
    keys: ['root-1', 'root-2'],
    edit: (signed) => ({
      ...signed,
      keys: { ...fieldOf(signed, 'keys'), ...Object.fromEntries(keys.map(([, key]) => [keyIdOf(key), key])) },
      roles: {
        ...fieldOf(signed, 'roles'),
        ...Object.fromEntries(keys.map(([role, key]) => [role, { keyids: [keyIdOf(key)], threshold: 1 }])),
      },
    }),
  });
  return {
    publish() {
      for (const [role, seed] of Object.entries(seeds)) {
        const text = `# swupd secret key: ${role}\n${toHex(seed)}\n`;
        writeFileSync(join(repository.keys, `${role}.key`), text);
      }
      resign(repository, 'snapshot', (signed) => signed);
    },
  };
}
