import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RepoPath } from '@swupd/shared';
import { afterEach, describe, expect, test } from 'vitest';
import type { ChangePlan } from '../../plan/plan.ts';
import { codeOf, describeTree, dir, file, readTree, symlink, type Tree } from '../../test-support.ts';
import { finishInterrupted } from '../finish-interrupted.ts';
import { cuttingDisk } from '../test-cuts.ts';
import { EVENT, planFor, RECORD, type TestSystem, testSystem } from '../test-system.ts';
import { hasJournal, type Journal, markJournal, readJournal, writeJournal } from './journal.ts';

/** The real disk, but that syncs take no time. */
const QUICK = cuttingDisk().disk;
const A = file('a');
const B = file('b');
const D = dir();

const systems: TestSystem[] = [];
afterEach(() => {
  for (const system of systems.splice(0)) system[Symbol.dispose]();
});
function systemWith(disk: Tree): TestSystem {
  const system = testSystem(disk);
  systems.push(system);
  return system;
}

const RICH: Tree = {
  d: dir({ mode: 0o1777 }),
  'd/l': symlink('\xff to nowhere'),
  'd/suid': file('suid', { mode: 0o6755 }),
  'odd \t\n\xfe': A,
};

describe('the journal', () => {
  const journalOf = ({ steps }: ChangePlan): Journal => ({
    steps: steps.map((step) => ({ step, home: 'state', present: { kind: 'nothing' } })),
    removals: [],
    record: RECORD,
    isNewRecord: true,
    event: EVENT,
    hooks: [],
    historyBytes: 0,
  });

  test.each([
    ['committed\n', 'committed'],
    ['back\n', 'back'],
    ['back', 'begun'],
    ['committe', 'begun'],
    ['\0\0\0\0\0\0\0\0\0\0', 'begun'],
  ])('with %j at its end it is %s', async (mark, phase) => {
    const system = systemWith({});
    await using device = system.open(QUICK);
    writeJournal(device.state.top, journalOf(await planFor(device, { target: RICH })));
    markJournal(device.state.top, 'back');
    const path = join(system.state, 'journal');
    const whole = readFileSync(path);
    writeFileSync(path, Buffer.concat([whole.subarray(0, whole.length - 5), Buffer.from(mark)]));
    expect(readJournal(device.state.top)?.phase).toBe(phase);
  });

  test('a full disk has room for its mark', async () => {
    const system = systemWith({});
    await using device = system.open(QUICK);
    for (let files = 1; files < 40; files++) {
      const target = Object.fromEntries(Array.from({ length: files }, (_, i) => [`f${i}`, A]));
      writeJournal(device.state.top, journalOf(await planFor(device, { target })));
      const { length } = readFileSync(join(system.state, 'journal'));
      expect(Math.abs((length % 512) - 256)).toBeLessThan(4);
    }
  });

  test('keeps every byte of a plan', async () => {
    await using device = systemWith({}).open(QUICK);
    const plan = await planFor(device, { target: RICH });
    const journal = journalOf(plan);
    const id = writeJournal(device.state.top, journal);
    expect(readJournal(device.state.top)).toEqual({ journal, id, phase: 'begun' });
  });

  test.each([
    ['torn', (bytes: Buffer) => bytes.subarray(0, bytes.length - 1)],
    ['empty', () => Buffer.alloc(0)],
    [
      'changed',
      (bytes: Buffer) => Buffer.from(bytes.toString('latin1').replace('put-file', 'put-fire'), 'latin1'),
    ],
    ['nothing but its first line', (bytes: Buffer) => bytes.subarray(0, 95)],
  ])('one that is %s counts as none, and is cleared away', async (_, damage) => {
    const system = systemWith({ a: A });
    await using device = system.open(QUICK);
    const plan = await planFor(device, { target: { a: A, b: B } });
    writeJournal(device.state.top, journalOf(plan));
    const path = join(system.state, 'journal');
    writeFileSync(path, damage(readFileSync(path)));
    mkdirSync(join(system.state, 'staging', 'new-0'), { recursive: true });
    expect(readJournal(device.state.top)).toBeUndefined();
    expect(finishInterrupted(device)).toBe('nothing-to-do');
    expect([existsSync(path), existsSync(join(system.state, 'staging'))]).toEqual([false, false]);
    expect(readTree(system.root)).toEqual(describeTree({ a: A }));
    expect(finishInterrupted(device)).toBe('nothing-to-do');
  });
});

test('what was cut off on a file system that is not mounted now waits for it', async () => {
  const system = systemWith({ boot: D, 'boot/k': A });
  await using device = system.open(QUICK);
  const plan = await planFor(device, {
    installed: { boot: D, 'boot/k': A },
    target: { boot: D, 'boot/k': B },
  });
  const steps = plan.steps.map((step) => ({
    step,
    home: 'boot' as RepoPath,
    present: { kind: 'kept', isCopy: false } as const,
  }));
  const rest = { removals: [], record: RECORD, isNewRecord: true, event: EVENT, hooks: [], historyBytes: 0 };
  writeJournal(device.state.top, { ...rest, steps });
  expect(await codeOf(() => finishInterrupted(device))).toBe('unfinished');
  expect([hasJournal(device.state.top), readTree(system.root)]).toEqual([
    true,
    describeTree({ boot: D, 'boot/k': A }),
  ]);
});

test('a journal of another format is left to the program that has written it', async () => {
  const system = systemWith({ a: A });
  await using device = system.open(QUICK);
  writeFileSync(join(system.state, 'journal'), 'swupd-journal 3 what a later version says');
  expect(await codeOf(() => finishInterrupted(device))).toBe('bad-state');
  expect(hasJournal(device.state.top)).toBe(true);
});
