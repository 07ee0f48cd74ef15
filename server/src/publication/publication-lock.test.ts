import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf } from '@swupd/shared/io';
import { expect, test } from 'vitest';
import { takeBuildLock } from '../repository/build-lock.ts';
import { withPublicationLock } from './publication-lock.ts';

test('waits for whoever publishes, and goes on when he has ended', () => {
  const folder = mkdtempSync(join(tmpdir(), 'swupd-lock-'));
  const repository = join(folder, 'repo');
  const holder = spawn('sleep', ['0.3']);
  try {
    takeBuildLock(`${repository}.publishing.lock`, holder.pid ?? 0);
    const isOver = withPublicationLock(
      repository,
      process.pid,
      () => identityOf(holder.pid ?? 0) === undefined,
    );
    expect(isOver).toBe(true);
    expect(existsSync(`${repository}.publishing.lock`)).toBe(false);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('lets go when the action fails', () => {
  const folder = mkdtempSync(join(tmpdir(), 'swupd-lock-'));
  const repository = join(folder, 'repo');
  const fails = () => {
    throw new RangeError('no');
  };
  try {
    expect(() => withPublicationLock(repository, process.pid, fails)).toThrow(RangeError);
    expect(withPublicationLock(repository, process.pid, () => 1)).toBe(1);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
