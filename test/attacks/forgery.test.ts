// Attacks by somebody who has keys: those of another role or repository, too few, or keys that were taken away.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatMom, LAYOUT } from '@swupd/manifests';
import {
  canonicalJson,
  ed25519Key,
  formatMomSignature,
  keyIdOf,
  offerPath,
  type SignedFields,
  signMom,
} from '@swupd/manifests/trust';
import { initRepository } from '@swupd/server';
import { publicKeyOf, sha256, toHex } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { fieldOf, resign } from '../support/resign.ts';
import { Scene } from '../support/scene.ts';
import { BUILD_TIME, type KeyName, type TestRepository } from '../support/test-repository.ts';
import { write } from '../support/write-object.ts';
import { AttackScene, image } from './attack-scene.ts';
import { currentName, forge, versioned } from './forge.ts';

/** What the device has kept by the time it comes to a role. */
const BEFORE: Readonly<Record<string, readonly string[]>> = {
  root: [],
  timestamp: [],
  snapshot: ['timestamp'],
  targets: ['timestamp', 'snapshot'],
  stable: ['timestamp', 'snapshot'],
};

async function expectForgeryRefused(role: string, keys: readonly KeyName[]): Promise<void> {
  await using attack = await AttackScene.prepare();
  forge(attack.repository, role, { keys });
  await attack.expectRefused(
    { code: 'unsigned-metadata', exit: 21, details: { role } },
    { learns: BEFORE[role] ?? [] },
  );
}

describe("wrong role's keys", () => {
  test.each<[string, readonly KeyName[]]>([
    ['root', ['release-1', 'release-2', 'release-3']],
    ['timestamp', ['snapshot']],
    ['snapshot', ['timestamp']],
    ['targets', ['release-1', 'release-2', 'build']],
    ['stable', ['root-1', 'root-2', 'root-3']],
    ['stable', ['build', 'snapshot', 'timestamp']],
  ])('%s by %j', expectForgeryRefused);
});

describe('threshold not met', () => {
  test.each<[string, readonly KeyName[]]>([
    ['root', ['root-3']],
    ['targets', ['root-1']],
    ['stable', ['release-2']],
    ['stable', ['release-2', 'root-1', 'build']],
    ['timestamp', []],
    ['snapshot', []],
  ])('%s by %j', expectForgeryRefused);
});

test('duplicate signatures', async () => {
  await using attack = await AttackScene.prepare();
  await attack.release20();
  const name = currentName(attack.repository, 'timestamp');
  const { signed, signatures } = JSON.parse(readFileSync(attack.path(name), 'utf8'));
  attack.mirror.lies.set(name, canonicalJson({ signed, signatures: [...signatures, ...signatures] }));
  await attack.expectRefused({ code: 'bad-metadata', details: { role: 'timestamp' } });

  const stable = currentName(attack.repository, 'stable');
  const channel = JSON.parse(readFileSync(attack.path(stable), 'utf8'));
  const [one] = channel.signatures;
  attack.mirror.lies.clear();
  attack.mirror.lies.set(stable, canonicalJson({ signed: channel.signed, signatures: [one, one] }));
  await attack.expectRefused(
    { code: 'metadata-mismatch', details: { role: 'stable' } },
    { learns: ['timestamp', 'snapshot'] },
  );
  await attack.expectRecovers(20);
});

test('a revoked key', async () => {
  await using attack = await AttackScene.prepare();
  const { repository } = attack;
  const revoked = keyIdOf(ed25519Key(publicKeyOf(repository.seed('release-1'))));
  resign(repository, 'targets', (signed) => withoutKey(signed, revoked));
  // The good keys go on as before.
  forge(repository, 'stable', { keys: ['release-2', 'release-3'] });
  await attack.expectNothingNew(10);
  forge(repository, 'stable', { keys: ['release-1', 'release-2'] });
  await attack.expectRefused(
    { code: 'unsigned-metadata', details: { role: 'stable' } },
    { learns: ['timestamp', 'snapshot'] },
  );
});

function withoutKey(signed: SignedFields, keyid: string): SignedFields {
  const delegations = fieldOf(signed, 'delegations');
  const roles = delegations.roles as readonly { readonly keyids: readonly string[] }[];
  const left = roles.map((role) => ({ ...role, keyids: role.keyids.filter((id) => id !== keyid) }));
  return { ...signed, delegations: { ...delegations, roles: left } };
}

describe('what belongs to another product', () => {
  test('its MoM in the place of ours', async () => {
    await using attack = await AttackScene.prepare();
    await attack.release20();
    using other = new Scene();
    await other.repository.build(20, { bundles: { 'os-core': {} } });
    const digest = sha256(readFileSync(attack.path(LAYOUT.mom(20))));
    const theirs = readFileSync(join(other.repository.path, LAYOUT.mom(20)));
    attack.mirror.lies.set(LAYOUT.momTarget('stable', 20, digest), theirs);
    await attack.expectRefused(
      { code: expect.toBeOneOf(['mom-mismatch', 'mom-unavailable']) },
      { learns: ['timestamp', 'snapshot', 'stable'] },
    );
    await attack.expectRecovers(20);
  });

  test('all of its repository', async () => {
    await using attack = await AttackScene.prepare();
    using other = new Scene();
    await other.repository.build(20, image(20));
    attack.device.url = other.repository.url;
    await attack.expectRefused({ code: 'unsigned-metadata', details: { role: 'timestamp' } });
  });

  test('its metadata, though the same people sign both with the same keys', async () => {
    await using attack = await AttackScene.prepare();
    const repository = join(attack.folder, 'car');
    initRepository({
      repository,
      keys: `${repository}.keys`,
      product: 'car',
      time: BUILD_TIME,
      randomBytes: sameKeys(attack.repository),
    });
    attack.mirror.lies.set(LAYOUT.timestamp, readFileSync(join(repository, LAYOUT.timestamp)));
    await attack.expectRefused({
      code: 'wrong-product',
      exit: 21,
      details: { role: 'timestamp', offered: 'car' },
    });
  });
});

/** Draws the secret keys of a repository once more, in the order in which its own were drawn. */
function sameKeys(repository: TestRepository): (size: number) => Uint8Array {
  const first = Buffer.from(repository.seed('root-1')).readUInt32BE(28);
  let next = first;
  return (size) => {
    const bytes = Buffer.alloc(size);
    bytes.writeUInt32BE(next++, size - 4);
    return bytes;
  };
}

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
