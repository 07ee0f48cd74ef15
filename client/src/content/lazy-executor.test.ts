import { parseRepoPath } from '@swupd/shared';
import { expect, test } from 'vitest';
import type { InspectItem } from '../inspect/inspect-task.ts';
import type { Executor } from './executor.ts';
import { lazyExecutor } from './lazy-executor.ts';

const ITEM: InspectItem = { path: parseRepoPath('usr'), candidates: [], always: false };

/** An executor that notes what it was given, under its name. */
function noting(name: string, notes: string[]): Executor {
  const note = async () => {
    notes.push(name);
    return [];
  };
  return {
    parallel: 1,
    inspect: note,
    decode: async () => ({ decoded: [], failed: [] }),
    copy: async () => ({ decoded: [], failed: [] }),
    close: async () => {
      notes.push(`${name} closed`);
    },
  };
}

function open(signal?: AbortSignal) {
  const notes: string[] = [];
  const executor = lazyExecutor({
    inline: noting('inline', notes),
    threads: 2,
    startWorkers: () => {
      notes.push('start');
      return noting('workers', notes);
    },
    ...(signal === undefined ? {} : { signal }),
  });
  const inspect = (count: number) =>
    executor.inspect({ root: '/', hash: true, items: Array.from({ length: count }, () => ITEM) });
  return { notes, executor, inspect };
}

test('a small job starts no threads', async () => {
  const { notes, executor, inspect } = open();
  await inspect(10);
  await inspect(10);
  await executor.close();
  expect(notes).toEqual(['inline', 'inline', 'inline closed']);
});

test('threads are started once, when the work turns out to be large', async () => {
  const { notes, executor, inspect } = open();
  await inspect(10);
  await inspect(5000);
  await inspect(10);
  await executor.close();
  expect(notes).toEqual(['inline', 'start', 'workers', 'workers', 'inline closed', 'workers closed']);
});

test('after an abort nothing more is begun', async () => {
  const controller = new AbortController();
  const { notes, inspect } = open(controller.signal);
  await inspect(1);
  controller.abort(new Error('stop'));
  await expect(inspect(1)).rejects.toThrow('stop');
  expect(notes).toEqual(['inline']);
});
