import { afterEach, describe, expect, it } from 'vitest';
import { vcdiffLane } from './vcdiff.ts';
import { WorkerLane } from './worker-lane.ts';

/** A real worker that counts its calls, and breaks in the way that it is asked to. */
const BREAKABLE = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from 'node:worker_threads';
    let calls = 0;
    parentPort.on('message', (request) => {
      calls += 1;
      if (request === 'throw') throw new Error('broken for good');
      if (request === 'spin') for (;;);
      if (request === 'exit') process.exit(0);
      if (request === 'break-later') calls = -1;
      parentPort.postMessage(request === 'fail-if-used' && calls > 1 ? -1 : calls);
    });
    parentPort.postMessage('ready');
  `)}`,
);

const lane = new WorkerLane<string, number>(BREAKABLE, { timeLimit: 2_000, isClean: (reply) => reply > 0 });
const call = (message: string) => lane.call(() => ({ message, transfer: [] }));
const first = { kind: 'reply', reply: 1 };

afterEach(() => lane.close());

describe('WorkerLane', () => {
  it('keeps the worker between calls', async () => {
    expect(await Promise.all([call('a'), call('b'), call('c')])).toEqual([
      first,
      { ...first, reply: 2 },
      { ...first, reply: 3 },
    ]);
  });

  it.each(['throw', 'exit'])('replaces the worker after it does this: %s', async (how) => {
    await call('a');
    expect(await call(how)).toMatchObject({ kind: 'crash' });
    expect(await call('a')).toEqual(first);
  });

  it('ends a worker that does not answer in time', async () => {
    expect(await call('spin')).toEqual({ kind: 'timeout' });
    expect(await call('a')).toEqual(first);
  });

  it('asks a new worker again where the past of the worker may have spoilt the answer', async () => {
    await call('a');
    expect(await call('fail-if-used')).toEqual(first);
  });

  it('starts a new worker after a reply that is not clean', async () => {
    expect(await call('break-later')).toEqual({ kind: 'reply', reply: -1 });
    expect(await call('a')).toEqual(first);
  });

  it('starts a new worker after it was closed', async () => {
    await call('a');
    await lane.close();
    expect(await call('a')).toEqual(first);
  });

  it('says when a worker can not start', async () => {
    const broken = new WorkerLane<string, number>(new URL('./no-such-worker.js', import.meta.url), {
      timeLimit: 5_000,
      isClean: () => true,
    });
    await expect(broken.call(() => ({ message: 'a', transfer: [] }))).rejects.toMatchObject({
      code: 'worker-failed',
    });
  });
});

describe('the worker of vcdiff', () => {
  it('is replaced after xdelta3-wasm throws', async () => {
    const vcdiff = vcdiffLane(10_000);
    const encode = (size: number) =>
      vcdiff.call(() => {
        const source = new Uint8Array(size);
        const target = new Uint8Array(size);
        const message = { kind: 'encode', source, target, outputMax: size + 64, flags: 0 } as const;
        return { message, transfer: [source.buffer, target.buffer] };
      });
    const before = await encode(100);
    expect(before).toMatchObject({ kind: 'reply', reply: { kind: 'done' } });
    expect(await encode(32 * 1024 * 1024)).toMatchObject({ kind: 'crash' });
    expect(await encode(100)).toEqual(before);
    await vcdiff.close();
  });
});
