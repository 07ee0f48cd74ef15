import { setTimeout } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inLanes } from './in-lanes.ts';

test.each([1, 2, 5])('%d lanes do all of the work, never more of it at a time', async (lanes) => {
  const started: number[] = [];
  let active = 0;
  let most = 0;
  await inLanes([1, 2, 3, 4], lanes, async (item) => {
    started.push(item);
    active += 1;
    most = Math.max(most, active);
    await setTimeout(item % 2);
    active -= 1;
  });
  expect(started).toEqual([1, 2, 3, 4]);
  expect(most).toBe(Math.min(lanes, 4));
});

test('a failure is the failure of all', async () => {
  const failing = inLanes([1, 2], 1, () => Promise.reject(new Error('no')));
  await expect(failing).rejects.toThrow('no');
});
