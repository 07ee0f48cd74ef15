import { type FSWatcher, readdirSync, readFileSync, watch } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { noise } from '../support/noise.ts';
import { startServer } from '../support/repository-service.ts';
import { runSwupd } from '../support/run-process.ts';
import { expectSameTree, Scene } from '../support/scene.ts';
import { snapshotTree } from '../support/snapshot-tree.ts';
import { file, type Tree } from '../support/tree.ts';

const NOW = Math.floor(Date.now() / 1000);
const FILES = 40;

function treeOf(version: number): Tree {
  const files = Array.from({ length: FILES }, (_, i) => [
    `usr/lib/${i}`,
    file(noise(version * 1000 + i, 10_000)),
  ]);
  return Object.fromEntries(files) as Tree;
}

describe('several processes', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = new Scene({ time: NOW });
    for (const version of [10, 20])
      await scene.repository.build(version, { bundles: { 'os-core': treeOf(version) } });
  });
  afterAll(() => scene[Symbol.dispose]());

  test('two changing commands: the second one ends with 9, and says which process it waits for', async () => {
    await using service = await startServer(scene.repository.path);
    const device = scene.device({ url: service.url });
    await device.install({ version: 10 });
    let second: Promise<Awaited<ReturnType<typeof runSwupd>>> | undefined;
    const args = ['-p', device.root, '-S', device.state, '-u', service.url];
    const released = Promise.withResolvers<void>();
    service.gateway.hold = (name) => (name.startsWith('releases/') ? released.promise : undefined);
    service.gateway.onRequest = (name) => {
      if (!name.startsWith('releases/')) return;
      second ??= runSwupd(['update', ...args]).finally(() => released.resolve());
    };
    const first = await runSwupd(['update', ...args]);
    expect(await second).toMatchObject({ exit: 9, stderr: expect.stringMatching(/process \d+/) });
    expect(first).toMatchObject({ exit: 0 });
    expectSame(scene, device.root);
  });

  test('reading commands run beside a changing one', async () => {
    await using service = await startServer(scene.repository.path);
    const device = scene.device({ url: service.url });
    await device.install({ version: 10 });
    const asked = Promise.withResolvers<void>();
    const released = Promise.withResolvers<void>();
    service.gateway.hold = (name) => {
      if (!name.startsWith('releases/')) return undefined;
      asked.resolve();
      return released.promise;
    };
    const update = device.update();
    await asked.promise;
    expect((await device.diagnose()).findings).toEqual([]);
    await expect(device.repair()).rejects.toMatchObject({ code: 'locked', exit: 9 });
    released.resolve();
    expect(await update).toMatchObject({ kind: 'updated' });
    await device.repair();
  });

  // At each of these moments the process gets SIGKILL, in the middle of whatever it does.
  test.each([
    ['the pointer', 'metadata/'],
    ['the MoM', 'releases/'],
    ['the content', 'blobs/'],
  ])('SIGKILL when it asks for %s: the next update ends well', async (_, prefix) => {
    await using service = await startServer(scene.repository.path);
    const device = scene.device({ url: service.url });
    await device.install({ version: 10 });
    const kill = new AbortController();
    service.gateway.onRequest = (name) => {
      if (name.startsWith(prefix)) kill.abort();
    };
    const args = ['update', '-p', device.root, '-S', device.state, '-u', service.url];
    expect(await runSwupd(args, { kill: kill.signal })).toMatchObject({ exit: 'SIGKILL' });
    service.gateway.onRequest = () => {};
    expect(await runSwupd(args)).toMatchObject({ exit: 0 });
    expectSame(scene, device.root);
  });

  test.each([1, 10, 20, 30, 39])(
    'SIGKILL when file %i has changed: the next update ends well',
    async (count) => {
      const device = scene.device();
      await device.install({ version: 10 });
      const kill = new AbortController();
      const args = ['update', '-p', device.root, '-S', device.state, '-u', scene.repository.url];
      const watched = watchChanges(join(device.root, 'usr/lib'), count, kill);
      const { exit } = await runSwupd(args, { kill: kill.signal });
      watched.close();
      expect(['SIGKILL', 0]).toContain(exit);
      const next = await runSwupd(args);
      expect(next).toMatchObject({ exit: 0 });
      expectSame(scene, device.root);
      expect(readdirSync(device.state)).not.toContain('journal');
      expect(readFileSync(join(device.state, 'installed.json'), 'utf8')).toMatch(/"version": 20/);
    },
  );

  function expectSame({ repository }: Scene, root: string): void {
    expectSameTree(snapshotTree(root), repository.expected(20, ['os-core']));
  }
});

/** Kills when so many names below `folder` have been replaced. */
function watchChanges(folder: string, count: number, kill: AbortController): FSWatcher {
  const changed = new Set<string>();
  return watch(folder, (_event, name) => {
    changed.add(String(name));
    if (changed.size >= count) kill.abort();
  });
}
