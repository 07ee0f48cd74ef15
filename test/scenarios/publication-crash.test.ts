import { watch } from 'node:fs';
import { expect, test } from 'vitest';
import type { ImageLiteral } from '../support/image.ts';
import { runServer } from '../support/run-process.ts';
import { Scene } from '../support/scene.ts';
import { file } from '../support/tree.ts';

const IMAGE: ImageLiteral = { bundles: { 'os-core': { 'usr/file': file('content') } } };

test.each(['timestamp', 'root'])(
  'whenever new %s keys are cut short, the next timestamp makes a repository of it that devices follow',
  async (role) => {
    using scene = new Scene();
    const { repository } = scene;
    await repository.build(10, IMAGE);
    const device = scene.device();
    await device.install();
    const env = { SOURCE_DATE_EPOCH: String(repository.time) };
    const keys = ['--keys', repository.keys];
    let killed = 0;
    for (const changes of [1, 3, 6, 10, 15, 20, 25, 30, 35, 40]) {
      const kill = new AbortController();
      const watcher = killAfter(scene.folder, changes, kill);
      const rotated = await runServer(['keys', 'rotate', repository.path, role, ...keys], {
        kill: kill.signal,
        env,
      });
      watcher[Symbol.dispose]();
      if (rotated.exit === 'SIGKILL') killed++;
      else expect(rotated.exit, rotated.stderr).toBe(0);
      const { exit, stderr } = await runServer(['timestamp', repository.path, ...keys], { env });
      expect(exit, stderr).toBe(0);
      expect(await device.checkUpdate()).toMatchObject({ newest: 10 });
      await scene.device().install();
    }
    expect(killed).toBeGreaterThan(4);
    await repository.build(20, IMAGE);
    expect(await device.update()).toMatchObject({ to: 20 });
  },
);

/** Kills after so many changes of files below `folder`. */
function killAfter(folder: string, changes: number, kill: AbortController): Disposable {
  let seen = 0;
  const watcher = watch(folder, { recursive: true }, () => {
    if (++seen === changes) kill.abort();
  });
  return { [Symbol.dispose]: () => watcher.close() };
}
