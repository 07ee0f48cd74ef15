import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readHistory } from '../../state/history.ts';
import { readInstalledRecord } from '../../state/installed-record.ts';
import { MEMORY, readTree } from '../../test-support.ts';
import { finishInterrupted } from '../finish-interrupted.ts';
import { hasJournal } from '../journal/journal.ts';
import { AFTER, BEFORE, CHANGE, DISK } from '../test-change.ts';
import { Cut, type CuttingDisk, cuttingDisk } from '../test-cuts.ts';
import { fillCache, planFor, RECORD, type TestSystem, TO_RECORD, testSystem } from '../test-system.ts';
import { runTransaction } from '../transaction.ts';

type Outcome = 'done' | 'taken-back' | 'unfinished' | 'cut';

/** Runs the change on a disk of which one operation fails; those of planning are not counted. */
async function runFailing(system: TestSystem, prepare: (disk: CuttingDisk) => void): Promise<Outcome> {
  const failing = cuttingDisk();
  await using device = system.open(failing.disk);
  const plan = await planFor(device, CHANGE);
  fillCache(device, plan, CHANGE.target);
  prepare(failing);
  try {
    runTransaction(device, { plan, ...TO_RECORD });
    return 'done';
  } catch (error) {
    failing.cutAfter(Number.POSITIVE_INFINITY);
    if (error instanceof Cut) return 'cut';
    const { code } = error as { code?: string };
    expect(['apply-failed', 'no-space', 'unfinished']).toContain(code);
    return code === 'unfinished' ? 'unfinished' : 'taken-back';
  }
}

/** What is there is the old system, or the new one, and everything says so. */
async function checkWhole(system: TestSystem): Promise<'before' | 'after'> {
  await using device = system.open(cuttingDisk().disk);
  const record = readInstalledRecord(device.state.top);
  expect(readTree(system.root)).toEqual(record === undefined ? BEFORE : AFTER);
  expect(record).toEqual(record === undefined ? undefined : RECORD);
  expect([hasJournal(device.state.top), existsSync(join(system.state, 'staging'))]).toEqual([false, false]);
  return record === undefined ? 'before' : 'after';
}

async function recover(system: TestSystem, operations = Number.POSITIVE_INFINITY): Promise<string> {
  const cutting = cuttingDisk();
  await using device = system.open(cutting.disk);
  cutting.cutAfter(operations);
  try {
    return finishInterrupted(device);
  } catch (error) {
    if (!(error instanceof Cut)) throw error;
    return 'cut';
  }
}

describe.each([
  ['on the file system of the root', { root: MEMORY, state: undefined }, 1],
  ['on another one', { root: MEMORY, state: tmpdir() }, 3],
])('with the state directory %s', (_name, bases, stride) => {
  test.each(['EIO', 'ENOSPC'])(
    '%s at any operation leaves the old system or the new one',
    {
      timeout: 60_000,
    },
    async (code) => {
      const outcomes: Outcome[] = [];
      for (let operations = 0, outcome = ''; outcome !== 'done' || operations < 100; operations += stride) {
        using system = testSystem(DISK, bases);
        outcomes.push(await runFailing(system, (disk) => disk.failAfter(operations, code)));
        outcome = outcomes.at(-1) ?? '';
        if (outcome === 'unfinished') await recover(system);
        const is = await checkWhole(system);
        if (outcome === 'taken-back') expect([operations, is]).toEqual([operations, 'before']);
        if (outcome === 'done') expect([operations, is]).toEqual([operations, 'after']);
      }
      expect(outcomes.filter((outcome) => outcome === 'taken-back').length).toBeGreaterThan(100 / stride);
    },
  );
});

test('a cut while it is taken back is no hindrance, nor is a second one', { timeout: 60_000 }, async () => {
  let cuts = 0;
  for (let failing = 90; failing < 190; failing += 5) {
    for (let later = 1, outcome = ''; outcome !== 'taken-back'; later += 3) {
      using system = testSystem(DISK, { root: MEMORY, state: undefined });
      outcome = await runFailing(system, (disk) => {
        disk.failAfter(failing, 'EIO');
        disk.thenCutAfter(later);
      });
      if (outcome !== 'cut') break;
      cuts++;
      await recover(system, later * 2);
      await recover(system);
      await checkWhole(system);
    }
  }
  expect(cuts).toBeGreaterThan(100);
});

test('the history says what has become of it, once', async () => {
  using system = testSystem(DISK, { root: MEMORY });
  expect(await runFailing(system, (disk) => disk.failAfter(110, 'EROFS'))).toBe('taken-back');
  expect(await runFailing(system, (disk) => disk.cutAfter(110))).toBe('cut');
  expect(await recover(system, 20)).toBe('cut');
  expect(await recover(system)).toBe('finished');
  await using device = system.open();
  const told = readHistory(device.state.top).map(({ command, from, to, outcome, cut, code }) => ({
    command,
    from,
    to,
    outcome,
    cut,
    code,
  }));
  const same = { command: 'test', from: 10, to: 20 };
  expect(told).toEqual([
    { ...same, outcome: 'taken-back', cut: false, code: 'EROFS' },
    { ...same, outcome: 'done', cut: true, code: undefined },
  ]);
});
