import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { identityOf, isAlive } from '@swupd/shared/io';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Directory, REAL_DISK } from '../disk/index.ts';
import { codeOf, temporaryFolder } from '../test-support.ts';
import { type ProcessTable, takeLock } from './state-lock.ts';

let folder: ReturnType<typeof temporaryFolder>;
let state: Directory;
beforeEach(() => {
  folder = temporaryFolder();
  state = REAL_DISK.openRoot(folder.path);
});
afterEach(() => {
  state.close();
  folder[Symbol.dispose]();
});

/** Process `pid`, in a world where only these processes run. */
const processes = (pid: number, ...alive: number[]): ProcessTable => ({
  self: `${pid} 1 boot`,
  isAlive: (identity) => alive.some((other) => identity === `${other} 1 boot`),
});

describe('the lock', () => {
  test('is taken once, and again when it has been given back', async () => {
    const unlock = takeLock(state, processes(1, 1));
    expect(await codeOf(() => takeLock(state, processes(2, 1, 2)))).toBe('locked');
    unlock();
    takeLock(state, processes(2, 1, 2))();
  });

  test('names its owner', () => {
    takeLock(state, processes(17, 17));
    expect(() => takeLock(state, processes(2, 17))).toThrow(
      expect.objectContaining({ code: 'locked', exit: 9, details: { pid: '17' } }),
    );
  });

  test('is taken over when its owner is gone', async () => {
    takeLock(state, processes(1, 1));
    takeLock(state, processes(2, 2));
    expect(await codeOf(() => takeLock(state, processes(3, 2, 3)))).toBe('locked');
  });

  test('is taken over from an earlier process with the same number', () => {
    takeLock(state, { self: '7 100 boot', isAlive: () => false });
    takeLock(state, { self: '7 200 boot', isAlive: (identity) => identity === '7 200 boot' });
  });

  test.each(['', 'garbage', '\0\0\0'])('is taken over from %j, which is no owner', (content) => {
    takeLock(state, processes(1, 1));
    for (const name of readdirSync(folder.path)) writeFileSync(join(folder.path, name), content);
    takeLock(state, processes(2, 2));
  });

  test('leaves nothing beside it, taken or refused', async () => {
    const before = (): number => readdirSync(folder.path).length;
    const unlock = takeLock(state, processes(1, 1));
    const taken = before();
    await codeOf(() => takeLock(state, processes(2, 1, 2)));
    expect(before()).toBe(taken);
    unlock();
    takeLock(state, processes(3, 3))();
    expect(before()).toBeLessThanOrEqual(taken);
  });
});

/** A directory in which something happens just before each operation of one kind. */
function interrupted(
  operation: 'rename' | 'makeLink' | 'removeFile' | 'list',
  happening: () => void,
): Directory {
  return new Proxy(state, {
    get(target, key) {
      const value: unknown = Reflect.get(target, key, target);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) => {
        if (key === operation) happening();
        // What gets a directory gets the real one.
        const real = args.map((arg) => (typeof arg === 'object' ? target : arg));
        return value.apply(target, real) as unknown;
      };
    },
  });
}

describe('of two that find a stale lock, one gets it, whoever comes between', () => {
  test.each(['rename', 'makeLink', 'removeFile', 'list'] as const)('before %s', async (operation) => {
    for (let turn = 1; turn <= 4; turn++) {
      takeLock(state, processes(1, 1))();
      takeLock(state, processes(1, 1));
      let calls = 0;
      const held: (() => void)[] = [];
      const tryTo = (take: () => () => void): Promise<unknown> => codeOf(() => void held.push(take()));
      const happening = (): void => {
        if (++calls === turn) void tryTo(() => takeLock(state, processes(3, 2, 3)));
      };
      await tryTo(() => takeLock(interrupted(operation, happening), processes(2, 2, 3)));
      expect([operation, turn, held.length]).toEqual([operation, turn, 1]);
      expect(await codeOf(() => takeLock(state, processes(4, 2, 3, 4)))).toBe('locked');
      for (const unlock of held) unlock();
    }
  });
});

type Racer = ChildProcessByStdio<Writable, Readable, null>;

describe('processes', () => {
  const racers: Racer[] = [];
  afterEach(async () => {
    for (const racer of racers.splice(0)) {
      if (racer.exitCode !== null || racer.signalCode !== null) continue;
      racer.kill('SIGKILL');
      await once(racer, 'exit');
    }
  });

  async function start(): Promise<Racer> {
    const script = fileURLToPath(new URL('./test-lock-worker.ts', import.meta.url));
    const racer = spawn(process.execPath, [script, folder.path], { stdio: ['pipe', 'pipe', 'inherit'] });
    racers.push(racer);
    expect(await answer(racer)).toBe('ready');
    return racer;
  }

  async function answer(racer: Racer): Promise<string> {
    const [chunk] = (await once(racer.stdout.setEncoding('utf8'), 'data')) as [string];
    return chunk.trim();
  }

  async function race(count: number): Promise<{ racers: Racer[]; answers: string[] }> {
    const started = await Promise.all(Array.from({ length: count }, start));
    const answers = started.map(answer);
    for (const racer of started) racer.stdin.write('go\n');
    return { racers: started, answers: await Promise.all(answers) };
  }

  test('of several at once exactly one wins, in a state directory that nobody has made yet', async () => {
    const { answers } = await race(5);
    expect(answers.sort()).toEqual(['locked', 'locked', 'locked', 'locked', 'won']);
  });

  test('of several that find the lock of one that was killed exactly one wins', async () => {
    const { racers: first } = await race(1);
    first[0]?.kill('SIGKILL');
    await once(first[0] as Racer, 'exit');
    const { answers } = await race(5);
    expect(answers.sort()).toEqual(['locked', 'locked', 'locked', 'locked', 'won']);
  });

  test('the lock of one that ends well is free at once', async () => {
    const { racers: first } = await race(1);
    const own = { self: identityOf(process.pid) ?? '', isAlive };
    expect(await codeOf(() => takeLock(state, own))).toBe('locked');
    first[0]?.stdin.write('unlock\n');
    await once(first[0] as Racer, 'exit');
    takeLock(state, own)();
    expect(existsSync(join(folder.path, 'layout'))).toBe(true);
  });
});
