// A channel of so many builds that it has pages, and what becomes of them when keys change: with the real server and client.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runServer } from '../support/run-process.ts';
import { codeOf, expectBuild, Scene } from '../support/scene.ts';
import { file } from '../support/tree.ts';

const BUILDS = Array.from({ length: 26 }, (_, i) => (i + 1) * 10);
const [BARRIER, OLD, NEWEST] = [20, 40, 260] as const;

let scene: Scene;

beforeAll(async () => {
  scene = new Scene();
  for (const version of BUILDS) {
    const offer = { channel: 'stable', ...(version === BARRIER ? { barrier: true } : {}) };
    const image = { bundles: { 'os-core': { 'usr/bin/hello': file(`build ${version}`) } } };
    await scene.repository.build(version, image, { deltas: 0, offer });
  }
});

afterAll(() => scene[Symbol.dispose]());

async function server(...args: string[]): Promise<void> {
  const { path, keys, time } = scene.repository;
  const line = args.map((arg) => (arg === 'REPO' ? path : arg));
  const env = { SOURCE_DATE_EPOCH: String(time) };
  const { exit, stderr } = await runServer([...line, '--keys', keys], { env });
  expect(exit, stderr).toBe(0);
}

test('no file of metadata is large, whatever the number of builds', () => {
  const folder = join(scene.repository.path, 'metadata');
  const sizes = readdirSync(folder).map((name) => statSync(join(folder, name)).size);
  expect(Math.max(...sizes)).toBeLessThan(4096);
});

test.each([
  ['before', []],
  ['after new release keys', ['keys', 'rotate', 'REPO', 'release']],
  ['after new root keys', ['keys', 'rotate', 'REPO', 'root']],
  ['after a new build key', ['keys', 'rotate', 'REPO', 'build']],
  ['after a renewal', ['release', 'renew', 'REPO', 'root', 'targets', 'stable']],
])(
  '%s, a device installs from an older page, and goes through the barrier to the newest',
  async (_when, args) => {
    const early = scene.device();
    await early.install({ version: 10 });
    if (args.length > 0) await server(...args);
    expect(await early.update()).toMatchObject({ from: 10, to: NEWEST, stops: [BARRIER] });
    await expectBuild(scene, early, { version: NEWEST, bundles: ['os-core'] });
    const late = scene.device();
    await late.install({ version: OLD });
    expect(await late.update()).toMatchObject({ from: OLD, to: NEWEST, stops: [] });
  },
);

test('a build that is withdrawn from an older page is offered no more', async () => {
  await server('channel', 'withdraw', String(OLD), '--from', 'stable', '--repo', 'REPO');
  expect(await codeOf(scene.device().install({ version: OLD }))).toBe('no-such-version');
  await scene.device().install({ version: 50 });
});

test('when the newest is withdrawn, the one before is offered; who has the newest keeps it', async () => {
  const device = scene.device();
  await device.install();
  await server('channel', 'withdraw', String(NEWEST), '--from', 'stable', '--repo', 'REPO');
  expect(await device.update()).toMatchObject({ kind: 'up-to-date', version: NEWEST });
  const other = scene.device();
  await other.install();
  await expectBuild(scene, other, { version: 250, bundles: ['os-core'] });
});
