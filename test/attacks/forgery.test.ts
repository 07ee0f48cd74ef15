// Attacks by somebody who has keys: those of another role or repository, too few, or keys that were taken away.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { canonicalJson, ed25519Key, keyIdOf, type SignedFields } from '@swupd/manifests/trust';
import { initRepository } from '@swupd/server';
import { publicKeyOf, sha256 } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { fieldOf, resign } from '../support/resign.ts';
import { Scene } from '../support/scene.ts';
import { BUILD_TIME, type KeyName, type TestRepository } from '../support/test-repository.ts';
import { AttackScene, image } from './attack-scene.ts';
import { currentName, forge } from './forge.ts';

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
