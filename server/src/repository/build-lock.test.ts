import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { takeBuildLock } from './build-lock.ts';

function openFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'swupd-lock-'));
  return { lock: join(folder, 'repo.lock'), [Symbol.dispose]: () => rmSync(folder, { recursive: true }) };
}

describe('takeBuildLock', () => {
  test('lets one in at a time', () => {
    using lab = openFolder();
    const lock = takeBuildLock(lab.lock, process.pid);
    expect(() => takeBuildLock(lab.lock, process.pid)).toThrow(
      expect.objectContaining({
        code: 'build-running',
        exit: 9,
        details: { lock: lab.lock, pid: process.pid },
      }),
    );
    lock.release();
    expect(existsSync(lab.lock)).toBe(false);
    takeBuildLock(lab.lock, process.pid).release();
  });

  test.each([
    ['a process that has ended', () => `${spawnSync('true').pid} 1 boot\n`],
    ['an earlier process with the same id', () => `${process.pid} 1 boot\n`],
    ['nothing that can be read', () => 'garbage'],
  ])('a lock of %s counts for nothing', (_, content) => {
    using lab = openFolder();
    writeFileSync(lab.lock, content());
    const lock = takeBuildLock(lab.lock, process.pid);
    expect(readFileSync(lab.lock, 'latin1')).toMatch(new RegExp(`^${process.pid} `));
    lock.release();
  });
});
