import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { runSwupd } from '../support/run-process.ts';
import { Scene } from '../support/scene.ts';
import { canMount } from '../support/small-disk.ts';
import { compareTrees } from '../support/snapshot-tree.ts';
import { tempFolder } from '../support/temp-folder.ts';
import type { TestDevice } from '../support/test-device.ts';
import { directory, file, type Tree } from '../support/tree.ts';

const NOW = Math.floor(Date.now() / 1000);
const BEFORE: Tree = {
  'usr/a': file('a 10'),
  'usr/bind': directory(),
  'usr/mount': directory(),
  'usr/z': file('z 10'),
};
const AFTER: Tree = {
  'usr/a': file('a 20'),
  'usr/bind/new': file('new'),
  'usr/mount': file('a file now'),
  'usr/z': file('z 20'),
};

async function deviceWith(scene: Scene, after: Tree): Promise<TestDevice> {
  await scene.repository.build(10, { bundles: { 'os-core': BEFORE } });
  await scene.repository.build(20, { bundles: { 'os-core': after } });
  const device = scene.device();
  await device.install({ version: 10 });
  return device;
}

/** Updates by the program, and finds the device just as it was. */
async function expectTakenBack(device: TestDevice, errno: string): Promise<void> {
  const before = device.snapshot();
  const args = ['-p', device.root, '-S', device.state, '-u', device.url];
  const { exit, stdout } = await runSwupd(['update', '-j', ...args]);
  const error = stdout.split('\n').find((line) => line.includes('"type":"error"')) ?? '{}';
  expect(JSON.parse(error)).toMatchObject({ code: 'apply-failed', details: { errno, takenBack: true } });
  expect(exit).toBe(10);
  expect(compareTrees(before, device.snapshot())).toEqual([]);
  expect(existsSync(join(device.state, 'journal'))).toBe(false);
  const history = await runSwupd(['history', '-q', ...args]);
  expect(history.stdout.trimEnd().split('\n').at(-1)).toMatch(/update +10 -> 20 +(?:taken-back|failed)/);
}

describe.runIf(canMount())('an update that can not be carried through', () => {
  test('over a directory of the root that is a bind mount', async () => {
    using scene = new Scene({ time: NOW });
    const { 'usr/mount': _, ...after } = AFTER;
    const device = await deviceWith(scene, after);
    const path = join(device.root, 'usr/bind');
    execFileSync('mount', ['--bind', path, path]);
    try {
      await expectTakenBack(device, 'EXDEV');
    } finally {
      execFileSync('umount', [path]);
    }
    await device.update();
    expect(readFileSync(join(path, 'new'), 'utf8')).toBe('new');
  });

  test('over a mount point whose place becomes a file', async () => {
    using scene = new Scene({ time: NOW });
    using other = tempFolder('/dev/shm');
    const device = await deviceWith(scene, AFTER);
    const path = join(device.root, 'usr/mount');
    mkdirSync(join(other.path, 'x'));
    execFileSync('mount', ['--bind', other.path, path]);
    try {
      await expectTakenBack(device, 'EBUSY');
    } finally {
      execFileSync('umount', [path]);
    }
    await device.update();
    expect(readFileSync(path, 'utf8')).toBe('a file now');
  });
});
