import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { expect, test } from 'vitest';
import { startServer } from '../support/repository-service.ts';
import { runServer } from '../support/run-process.ts';
import { Scene } from '../support/scene.ts';
import { file } from '../support/tree.ts';

test('swupd-server inspect, as people and programs run it', async () => {
  using scene = new Scene({ time: Math.floor(Date.now() / 1000) });
  const { path, anchorFile } = scene.repository;
  await scene.repository.build(10, { bundles: { 'os-core': { 'usr/a': file('a') } } });

  const good = await runServer(['inspect', path]);
  expect(good).toMatchObject({ exit: 0 });
  expect(good.stdout).toMatch(/^offered on stable +1 build, the newest is 10$/m);
  expect(good.stdout).toMatch(/^blobs +1, /m);
  expect(good.stdout).toContain('0 problems, 0 warnings, 0 notes');

  await using service = await startServer(path);
  const overHttp = await runServer(['inspect', service.url, '-C', anchorFile, '--quick', '-j']);
  expect(overHttp.exit).toBe(0);
  expect(JSON.parse(overHttp.stdout)).toMatchObject({ type: 'inspect', builds: 1, documents: 1 });

  rmSync(join(path, LAYOUT.mom(10)));
  const bad = await runServer(['inspect', path]);
  expect(bad.exit).toBe(1);
  expect(bad.stdout).toContain('problem  releases/10/mom: the file is not there (missing)');
  expect(bad.stderr).toContain(`swupd-server: ${path} has 1 problem`);
  const lines = (await runServer(['inspect', path, '-j'])).stdout.trim().split('\n');
  expect(lines.map((line) => JSON.parse(line).type)).toEqual(['finding', 'inspect', 'error']);

  const noAnchor = await runServer(['inspect', path, '-C', join(path, 'nowhere.json')]);
  expect(noAnchor.exit).toBe(2);
  expect((await runServer(['inspect', join(path, 'nowhere')])).stderr).toContain('is no repository');
});
