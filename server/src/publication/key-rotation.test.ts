import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { buildKeys, ed25519Key, type Json, keyIdOf, parseEnvelope } from '@swupd/manifests/trust';
import { type Digest, publicKeyOf } from '@swupd/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readKeyFile, writeKeyPair } from '../keys/key-file.ts';
import { KeyRing } from '../keys/key-ring.ts';
import type { KeyRole } from '../keys/key-role.ts';
import { rotateKeys } from '../metadata/change-keys.ts';
import { listBuilds, readBuilds } from '../repository/read-builds.ts';
import { readMetadata } from '../repository/read-metadata.ts';
import { copyLab, type Lab, openLab, readMom, TIME } from '../test-build.ts';
import { type Publication, publishChange } from './publish-change.ts';

const NEW_SEED = Buffer.alloc(32, 0xee);
const NEW_KEY: Json = ed25519Key(publicKeyOf(NEW_SEED));
const NEW_ID = keyIdOf(NEW_KEY);

let built: Lab;

beforeAll(async () => {
  built = openLab();
  await built.build(10);
});

afterAll(() => built[Symbol.dispose]());

const keyIn = (lab: Lab, name: string): Digest =>
  readKeyFile(join(`${lab.repository}.keys`, `${name}.key`)).keyId;

/** Puts the new key in the place of the key file `name`; the keys in `without` are not at hand. */
function rotate(lab: Lab, role: KeyRole, name: string, without: readonly string[] = []): Publication {
  const folder = `${lab.repository}.keys`;
  const state = readMetadata(lab.repository);
  const time = TIME + 100;
  const change = rotateKeys({ state, time }, { role, replace: [keyIn(lab, name)], add: [NEW_KEY] });
  if (!without.includes('new')) writeKeyPair(join(folder, 'new'), role, NEW_SEED);
  for (const gone of without.filter((other) => other !== 'new')) rmSync(join(folder, `${gone}.key`));
  const ring = KeyRing.open({ folder, signers: [], env: {} });
  return publishChange(change, { repository: lab.repository, state, ring, time, life: 86_400 });
}

function signersOf(lab: Lab, name: string): string[] {
  const envelope = parseEnvelope(readFileSync(join(lab.repository, 'metadata', name)));
  return (envelope?.signatures ?? []).map(({ keyid }) => keyid);
}

describe('new keys', () => {
  test('a root is signed by enough of the old keys and of the new ones, and by no more', () => {
    using lab = copyLab(built);
    expect(rotate(lab, 'root', 'root-1').kind).toBe('published');
    const { set } = readMetadata(lab.repository);
    expect(set.root.version).toBe(2);
    expect([...set.root.roles.root.keys.keys()]).toContain(NEW_ID);
    const old = ['root-1', 'root-2', 'root-3'].map((name) => keyIn(lab, name));
    const signers = signersOf(lab, '2.root.json');
    expect(signers.filter((id) => old.includes(id as Digest)).length).toBeGreaterThanOrEqual(2);
    expect(signers.length).toBeLessThanOrEqual(4);
    expect(set.targets?.version).toBe(2);
  });

  test('a root waits for a holder of an old key, though the new ones would do', () => {
    using lab = copyLab(built);
    const publication = rotate(lab, 'root', 'root-1', ['root-1', 'root-3']);
    expect(publication).toMatchObject({
      kind: 'prepared',
      missing: [{ role: 'root', version: 2, signed: 1, threshold: 2 }],
    });
    expect(readMetadata(lab.repository).set.root.version).toBe(1);
  });

  test.each(['snapshot', 'timestamp'] as const)('what the old %s key has signed is signed anew', (role) => {
    using lab = copyLab(built);
    expect(rotate(lab, role, role).kind).toBe('published');
    const { set } = readMetadata(lab.repository);
    const signed = role === 'snapshot' ? `${set.snapshot?.version}.snapshot.json` : 'timestamp.json';
    expect(signersOf(lab, signed)).toEqual([NEW_ID]);
    expect(set.snapshot?.version).toBe(role === 'snapshot' ? 3 : 2);
  });

  test('nothing is published that the new timestamp key has not signed', () => {
    using lab = copyLab(built);
    const before = readFileSync(join(lab.repository, LAYOUT.timestamp));
    expect(() => rotate(lab, 'timestamp', 'timestamp', ['new'])).toThrow(
      expect.objectContaining({ code: 'keys-missing' }),
    );
    expect(readFileSync(join(lab.repository, LAYOUT.timestamp))).toEqual(before);
    expect(readMetadata(lab.repository).set.root.version).toBe(1);
  });

  test('builds that only an earlier build key has signed are passed by, and keep their numbers', async () => {
    using lab = copyLab(built);
    rotate(lab, 'build', 'build');
    const keys = buildKeys(readMetadata(lab.repository).set);
    expect(readBuilds(lab.repository, keys, 10)).toEqual([]);
    expect(listBuilds(lab.repository)).toEqual([10]);
    await expect(lab.build(10)).rejects.toMatchObject({ code: 'version-exists' });
    await lab.build(20);
    expect(readMom(lab.repository, 20).previous).toBe(0);
    expect(readBuilds(lab.repository, keys, 10).map(({ version }) => version)).toEqual([20]);
  });
});
