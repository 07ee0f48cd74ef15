import { expect, test } from 'vitest';
import { watchTarget } from './watch-target.ts';

/** A thread that writes down its third case, and then does something else. */
function thread(end: string): URL {
  const begin = `
    import { workerData } from 'node:worker_threads';
    const head = new Float64Array(workerData.board, 0, 5);
    new Uint8Array(workerData.board, 40).set([1, 2, 3]);
    head.set([3, 9, 1, 2, 0]);`;
  return new URL(`data:text/javascript,${encodeURIComponent(begin + end)}`);
}

test.each([
  ['does not come back', 'for (;;);', 'hang'],
  ['ends', 'process.exit(0);', 'thread'],
  ['throws', "throw new Error('gone');", 'thread'],
  ['takes all the memory', 'const all = []; for (;;) all.push(new Array(1e6).fill(head));', 'thread'],
])('a thread that %s is a finding, with its last case', async (_, end, key) => {
  const order = { target: 'container', executions: 1, seconds: 1, seed: 1 } as const;
  const options = {
    onProgress: () => {},
    thread: thread(end),
    heap: 64,
    hangAfter: key === 'hang' ? 2000 : 60_000,
  };
  const { findings, executions } = await watchTarget(order, options);
  expect(executions).toBe(3);
  expect(findings).toMatchObject([{ key, input: { targetSize: 9, reads: 'whole' } }]);
  expect([...(findings[0]?.input.source ?? [])]).toEqual([1]);
  expect([...(findings[0]?.input.payload ?? [])]).toEqual([2, 3]);
});
