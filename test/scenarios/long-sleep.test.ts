import { LAYOUT } from '@swupd/manifests';
import {
  ed25519Key,
  formatTime,
  type Json,
  keyIdOf,
  rootName,
  type SignedFields,
  signEnvelope,
} from '@swupd/manifests/trust';
import { publicKeyOf } from '@swupd/shared';
import { expect, test } from 'vitest';
import { fieldOf, resign, signedOf } from '../support/resign.ts';
import { codeOf, expectBuild, Scene } from '../support/scene.ts';
import { BUILD_TIME, type TestRepository } from '../support/test-repository.ts';
import { file } from '../support/tree.ts';
import { write } from '../support/write-object.ts';

const DAY = 86_400;
const ROOTS = 40;
const AWAKE = BUILD_TIME + 3 * 365 * DAY;
const image = (version: number) => ({ bundles: { 'os-core': { 'usr/version': file(`${version}`) } } });

/** Holders of the root keys, each with a seed; the one who has it longest gives the key on. */
function passKeysOn(repository: TestRepository): void {
  let seeds: Uint8Array[] = [1, 2, 3].map((holder) => repository.seed(`root-${holder as 1 | 2 | 3}`));
  let root = signedOf(repository, LAYOUT.root(1));
  for (let version = 2; version <= ROOTS + 1; version++) {
    const next = [...seeds.slice(1), Buffer.alloc(32, 100 + version)];
    root = withRootKeys({ ...root, version, expires: formatTime(AWAKE + 100 * DAY) }, next);
    // Two of the old three and two of the new three: the two that both have.
    write(repository, LAYOUT.metadata(rootName(version)), signEnvelope(root, next.slice(0, 2)));
    seeds = next;
  }
}

function withRootKeys(signed: SignedFields, seeds: readonly Uint8Array[]): SignedFields {
  const keys = seeds.map((seed) => ed25519Key(publicKeyOf(seed)));
  const roles = fieldOf(signed, 'roles');
  const byId: { readonly [keyid: string]: Json } = Object.fromEntries(keys.map((key) => [keyIdOf(key), key]));
  return {
    ...signed,
    keys: { ...fieldOf(signed, 'keys'), ...byId },
    roles: { ...roles, root: { keyids: keys.map(keyIdOf), threshold: 2 } },
  };
}

test('a device that has slept for three years walks forty roots, and updates', async () => {
  using scene = new Scene();
  const { repository } = scene;
  await repository.build(10, image(10));
  const device = scene.device();
  await device.install();
  passKeysOn(repository);
  const expires = formatTime(AWAKE + 30 * DAY);
  for (const role of ['targets', 'stable']) resign(repository, role, (signed) => ({ ...signed, expires }));
  device.ports = { ...device.ports, now: () => AWAKE };
  expect(await codeOf(device.update())).toBe('metadata-expired');
  await repository.build(20, image(20), { time: AWAKE - DAY });
  expect(await device.trustInfo()).toMatchObject({ anchorVersion: 1, rootVersion: ROOTS + 1 });
  expect(await device.update()).toMatchObject({ from: 10, to: 20 });
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});
