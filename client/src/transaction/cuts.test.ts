import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readInstalledRecord } from '../state/installed-record.ts';
import { MEMORY, readTree } from '../test-support.ts';
import { finishInterrupted } from './finish-interrupted.ts';
import { hasJournal } from './journal/journal.ts';
import { AFTER, BEFORE, CHANGE, DISK } from './test-change.ts';
import { Cut, type CuttingDisk, cuttingDisk } from './test-cuts.ts';
import { carryOut, RECORD, type TestSystem, testSystem } from './test-system.ts';

/** Runs the change on a disk that dies after some operations; false where it lived to see the end. */
async function runCut(system: TestSystem, cutting: CuttingDisk, operations: number): Promise<boolean> {
  await using device = system.open(cutting.disk);
  try {
    await carryOut(
      // The process lives through planning and downloading.
      Object.assign(device, { ports: { ...device.ports, progress: cutWhenStaging(cutting, operations) } }),
      CHANGE,
    );
    return false;
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
    return true;
  }
}

/** Begins to count when the plan has been made, and the cache is about to be filled. */
function cutWhenStaging(cutting: CuttingDisk, operations: number) {
  return {
    report: () => {},
    finish: (stage: string) => {
      if (stage === 'inspect') cutting.cutAfter(operations);
    },
  };
}

async function finish(
  system: TestSystem,
  cutting = cuttingDisk(),
  operations = Number.POSITIVE_INFINITY,
): Promise<boolean | 'cut'> {
  await using device = system.open(cutting.disk);
  cutting.cutAfter(operations);
  try {
    return finishInterrupted(device) !== 'nothing-to-do';
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
    return 'cut';
  }
}

/** The root is as it was, or as it should be, and the record says which. */
async function checkWhole(system: TestSystem): Promise<'before' | 'after'> {
  await using device = system.open(cuttingDisk().disk);
  const tree = readTree(system.root);
  const record = readInstalledRecord(device.state.top);
  expect(tree).toEqual(record === undefined ? BEFORE : AFTER);
  expect(record).toEqual(record === undefined ? undefined : RECORD);
  expect([hasJournal(device.state.top), existsSync(join(system.state, 'staging'))]).toEqual([false, false]);
  return record === undefined ? 'before' : 'after';
}

describe.each([
  ['on the file system of the root', { root: MEMORY, state: undefined }],
  ['on another one', { root: MEMORY, state: tmpdir() }],
])('with the state directory %s', (_name, bases) => {
  test('a transaction that is cut off at any operation is finished, or never was', {
    timeout: 60_000,
  }, async () => {
    const outcomes: string[] = [];
    // A step of three there, because that disk is slow.
    const stride = bases.state === undefined ? 1 : 3;
    for (let operations = 0, cut = true; cut; operations += stride) {
      using system = testSystem(DISK, bases);
      cut = await runCut(system, cuttingDisk(), operations);
      const finished = await finish(system);
      outcomes.push(await checkWhole(system));
      expect([operations, finished]).toEqual([operations, outcomes.at(-1) === 'after' && cut && finished]);
      if (outcomes.at(-1) === 'after') continue;
      await using device = system.open(cuttingDisk().disk);
      await carryOut(device, CHANGE);
      expect(await checkWhole(system)).toBe('after');
    }
    expect(outcomes.indexOf('after')).toBeGreaterThan(20 / stride);
    expect(outcomes.length - outcomes.indexOf('after')).toBeGreaterThan(50 / stride);
    expect(outcomes.slice(outcomes.indexOf('after'))).not.toContain('before');
  });

  test('so it is when finishing it is cut off as well', { timeout: 60_000 }, async () => {
    for (let first = 1; first < 400; first += 23) {
      for (let second = 1; second < 300; second += 19) {
        using system = testSystem(DISK, bases);
        if (!(await runCut(system, cuttingDisk(), first))) return;
        if ((await finish(system, cuttingDisk(), second)) !== 'cut') break;
        await finish(system);
        await checkWhole(system);
      }
    }
  });
});
