import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { SILENT } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { noise, slightlyChanged } from '../support/noise.ts';
import { codeOf, Scene } from '../support/scene.ts';
import { canMount, type SmallDisk, smallDisk } from '../support/small-disk.ts';
import { compareTrees } from '../support/snapshot-tree.ts';
import { TestDevice } from '../support/test-device.ts';
import { file, type Tree } from '../support/tree.ts';

const MIB = 1024 * 1024;
const KIB = 1024;

function treeOf(version: number): Tree {
  const files = Array.from({ length: 30 }, (_, i) => {
    const content = noise(i, 20_000);
    return [`usr/lib/${i}`, file(version === 10 ? content : slightlyChanged(content))];
  });
  return Object.fromEntries([...files, [`usr/only-${version}`, file(`${version}`)]]) as Tree;
}

async function publish(scene: Scene): Promise<void> {
  for (const version of [10, 20])
    await scene.repository.build(version, { bundles: { 'os-core': treeOf(version) } });
}

/** Whatever came of it, the device is the old build or the new one. */
function versionOf(scene: Scene, device: TestDevice): number {
  const differences = (version: number) =>
    compareTrees(scene.repository.expected(version, ['os-core']), device.snapshot());
  expect([existsSync(join(device.state, 'journal')), existsSync(join(device.state, 'staging'))]).toEqual([
    false,
    false,
  ]);
  if (differences(20).length === 0) return 20;
  expect(differences(10)).toEqual([]);
  return 10;
}

describe.runIf(canMount())('a disk with little room', () => {
  test('an update is refused before the first byte, or succeeds', async () => {
    using scene = new Scene();
    await publish(scene);
    using disk = smallDisk(8 * MIB);
    const device = new TestDevice(join(disk.path, 'device'), scene.repository);
    await device.install({ version: 10 });
    const outcomes: string[] = [];
    for (let room = 0; outcomes.at(-1) !== 'no error'; room += 64 * KIB) {
      disk.leave(room);
      const before = device.snapshot();
      outcomes.push(await outcomeOf(device));
      if (outcomes.at(-1) === 'no-space') expect(compareTrees(before, device.snapshot())).toEqual([]);
    }
    expect(outcomes.length).toBeGreaterThan(5);
    expect(new Set(outcomes)).toEqual(new Set(['no-space', 'no error']));
    expect(versionOf(scene, device)).toBe(20);
  });

  // In each of these moments somebody else takes all the room that is left.
  test.each(['inspect', 'download', 'unpack', 'stage', 'apply'])('that is full after %s', async (stage) => {
    using scene = new Scene();
    await publish(scene);
    using disk = smallDisk(8 * MIB);
    const device = new TestDevice(join(disk.path, 'device'), scene.repository);
    await device.install({ version: 10 });
    device.ports = { ...device.ports, progress: fillingAfter(stage, disk) };
    const code = await outcomeOf(device);
    expect(['no-space', 'content-unavailable', 'no error', 'unfinished']).toContain(code);
    disk.empty();
    device.ports = { ...device.ports, progress: SILENT };
    if (code === 'unfinished') await device.recover();
    const version = versionOf(scene, device);
    if (code === 'no-space') expect(version).toBe(10);
    if (code === 'no error') expect(version).toBe(20);
    if (version === 10) await device.update();
    expect(versionOf(scene, device)).toBe(20);
  });
});

/** The command line gives the disk's own errors a code. */
async function outcomeOf(device: TestDevice): Promise<string> {
  const code = await codeOf(device.update());
  return code === 'ENOSPC' ? 'no-space' : code;
}

function fillingAfter(stage: string, disk: SmallDisk): typeof SILENT {
  return {
    report: () => {},
    finish: (finished) => {
      if (finished === stage) disk.leave(0);
    },
  };
}
