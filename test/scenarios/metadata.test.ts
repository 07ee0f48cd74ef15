import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noise } from '../support/noise.ts';
import { startServer } from '../support/repository-service.ts';
import { expectBuild, Scene } from '../support/scene.ts';
import { directory, file, symlink, type Tree, xattr } from '../support/tree.ts';

const BIG = noise(7, 200_000);
/** A valid `security.capability` value: version 2, cap_net_raw permitted and effective. */
const CAPABILITY = '\x01\x00\x00\x02\x00\x20\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00';

const BEFORE: Tree = {
  'usr/mode': file(BIG),
  'usr/owner': file(BIG, { uid: 7, gid: 8 }),
  'usr/setuid': file(BIG, { mode: 0o755 }),
  'usr/attributes': file(BIG),
  'usr/capability': file(BIG, { mode: 0o755 }),
  'usr/shared': directory({ mode: 0o755 }),
  'usr/link': symlink('mode', { uid: 5, gid: 6 }),
};

const AFTER: Tree = {
  'usr/mode': file(BIG, { mode: 0o600 }),
  'usr/owner': file(BIG, { uid: 70, gid: 80 }),
  'usr/setuid': file(BIG, { mode: 0o6755, uid: 3 }),
  'usr/attributes': file(BIG, { xattrs: [xattr('user.a', 'one'), xattr('user.b', '\x00\xff')] }),
  'usr/capability': file(BIG, {
    mode: 0o755,
    uid: 9,
    xattrs: [xattr('security.capability', CAPABILITY)],
  }),
  'usr/shared': directory({ mode: 0o1777, uid: 4, xattrs: [xattr('user.dir', 'yes')] }),
  'usr/link': symlink('mode', { uid: 50, gid: 60 }),
};

test('changes of mode, owner and attributes alone bring no content over the wire', async () => {
  using scene = new Scene();
  await scene.repository.build(10, { bundles: { 'os-core': BEFORE } });
  await scene.repository.build(20, { bundles: { 'os-core': AFTER } });
  await using service = await startServer(scene.repository.path);
  const device = scene.device({ url: service.url });
  await device.install({ version: 10 });
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
  service.gateway.reset();
  const forth = await device.update();
  expect(forth).toMatchObject({ kind: 'updated', cost: { downloadBytes: 0, requests: 0 } });
  for (const folder of ['blobs', 'packs', 'deltas']) expect(service.gateway.bytes(folder)).toBe(0);
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});

test('and back: attributes go away again', async () => {
  using scene = new Scene();
  await scene.repository.build(10, { bundles: { 'os-core': AFTER } });
  await scene.repository.build(20, { bundles: { 'os-core': BEFORE } });
  const device = scene.device();
  await device.install({ version: 10 });
  await device.update();
  await expectBuild(scene, device, { version: 20, bundles: ['os-core'] });
});

test('a repair restores metadata without a byte of content', async () => {
  using scene = new Scene();
  await scene.repository.build(10, { bundles: { 'os-core': AFTER } });
  const device = scene.device();
  await device.install();
  chmodSync(join(device.root, 'usr/setuid'), 0o644);
  chmodSync(join(device.root, 'usr/shared'), 0o700);
  const { outcome } = await device.repair();
  expect(outcome.cost.downloadBytes).toBe(0);
  await expectBuild(scene, device, { version: 10, bundles: ['os-core'] });
});
