import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { expect, test, vi } from 'vitest';
import { identityOf, isAlive } from './process-identity.ts';

test('a process is alive until it has ended', async () => {
  const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
  await once(child, 'spawn');
  const identity = identityOf(child.pid ?? 0) ?? '';
  expect(identity).toMatch(/^\d+ \d+ [0-9a-f-]{36}$/);
  expect(isAlive(identity)).toBe(true);
  expect(isAlive(`${identity}\n`)).toBe(true);
  child.stdin.end();
  await once(child, 'exit');
  expect(isAlive(identity)).toBe(false);
});

test('a process that has ended is nobody, also before its parent has asked about it', async () => {
  // The shell becomes a `sleep`, which never asks about the child that it got with that.
  const parent = spawn('sh', ['-c', 'sleep 0.2 & echo $!; exec sleep 30'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  try {
    const [line] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(line.toString());
    await vi.waitFor(() => expect(readFileSync(`/proc/${pid}/stat`, 'latin1')).toContain(') Z '), {
      timeout: 5000,
    });
    expect(identityOf(pid)).toBeUndefined();
  } finally {
    parent.kill();
  }
});

test('another process with the same number, or of an earlier boot, is not the same', () => {
  const [pid, started, boot] = (identityOf(process.pid) ?? '').split(' ');
  expect(isAlive(`${pid} ${started} ${boot}`)).toBe(true);
  expect(isAlive(`${pid} ${Number(started) - 1} ${boot}`)).toBe(false);
  expect(isAlive(`${pid} ${started} 00000000-0000-0000-0000-000000000000`)).toBe(false);
});

test.each(['', 'x', '0', '-1', '1.5', '../../etc', '99999999 1 x'])(
  '%j is the identity of nobody',
  (text) => {
    expect(isAlive(text)).toBe(false);
  },
);
