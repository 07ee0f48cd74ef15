import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonLines, jsonResult, makeTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await makeTestSystem();
}, 60_000);
afterAll(() => system.remove());

const doc = (root: string): Promise<string> => readFile(join(root, 'usr/share/doc'), 'utf8');

async function hook(root: string, point: string, script: string): Promise<void> {
  const path = join(root, 'etc/swupd/hooks', point, 'test');
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, `#!/bin/sh\n${script}\n`);
  await chmod(path, 0o755);
}

describe('going back', { timeout: 60_000 }, () => {
  test('rollback, history, info and clean, for people and for programs', async () => {
    const root = await system.root();
    const at = ['-p', root] as const;
    expect(await system.swupd('rollback', ...at)).toMatchObject({
      exit: 15,
      stderr: expect.stringContaining('no version before is kept'),
    });
    expect(await system.swupd('update', ...at)).toMatchObject({
      exit: 0,
      stdout: expect.stringMatching(/ kept +\d/),
    });
    expect(await doc(root)).toBe('second\n');
    const planned = await system.swupd('rollback', '--dry-run', ...at);
    expect(planned.stdout).toContain('Would go back from build 20 to build 10.');
    const went = await system.swupd('rollback', '-j', '-u', '/nowhere', ...at);
    expect([went.exit, jsonResult(went)]).toMatchObject([
      0,
      { from: 20, to: 10, transferred: { requests: 0, bytes: 0 } },
    ]);
    expect(await doc(root)).toBe('first\n');
    const told = await system.swupd('history', '-q', ...at);
    expect(told.stdout.trimEnd().split('\n').slice(1)).toEqual([
      expect.stringMatching(/^\d{4}-\d\d-\d\d \d\d:\d\d UTC +update +10 -> 20 +done +\d/),
      expect.stringMatching(/UTC +rollback +20 -> 10 +done +0 B$/),
    ]);
    expect(jsonResult(await system.swupd('history', '-j', '-n', '1', ...at))).toMatchObject({
      entries: [{ command: 'rollback', from: 20, to: 10, outcome: 'done', cut: false }],
    });
    expect((await system.swupd('info', ...at)).stdout).toMatch(/kept +build 20, \d/);
    expect((await system.swupd('clean', ...at)).stdout).toMatch(/are kept to go back to build 20; --kept/);
    expect((await system.swupd('clean', '--kept', ...at)).stdout).not.toContain('are kept');
    expect((await system.swupd('info', ...at)).stdout).toContain('nothing to go back to');
  });

  test('recover says that there is nothing to recover, and where there is no system', async () => {
    const root = await system.root();
    expect(await system.swupd('recover', '-p', root)).toMatchObject({
      exit: 0,
      stdout: 'There is nothing to recover. Build 10 is installed.\n',
    });
    expect(jsonResult(await system.swupd('recover', '-j', '-p', root))).toMatchObject({
      recovery: 'nothing-to-do',
      version: 10,
    });
    expect(await system.swupd('recover', '-p', await system.emptyFolder('empty'))).toMatchObject({
      exit: 20,
    });
  });

  test('hooks of another root run only where that is said', async () => {
    const root = await system.root();
    await hook(root, 'pre-update', 'exit 1');
    expect(await system.swupd('update', '--hooks', '-p', root)).toMatchObject({
      exit: 28,
      stderr: expect.stringContaining('the hook pre-update/test has failed (exit code 1)'),
    });
    expect(await doc(root)).toBe('first\n');
    expect(await system.swupd('update', '-p', root)).toMatchObject({ exit: 0 });
  });

  test('a hook that fails after the change: the result, the error, and the exit code', async () => {
    const root = await system.root();
    await hook(root, 'post-update', 'printf "\\033[31mred\\033[0m"; exit 7');
    const updated = await system.swupd('update', '--hooks', '-j', '-p', root);
    expect(updated.exit).toBe(41);
    expect(jsonResult(updated)).toMatchObject({ kind: 'updated', to: 20 });
    expect(jsonLines(updated).find(({ type }) => type === 'error')).toMatchObject({
      code: 'hook-failed-after',
      details: { hook: 'post-update/test', exit: 7, output: '\u001b[31mred\u001b[0m' },
    });
    const back = await system.swupd('rollback', '--hooks', '-p', root);
    expect([back.exit, back.stdout]).toEqual([41, expect.stringContaining('Went back')]);
    expect(back.stderr).toContain('\\x1b[31mred');
    expect(back.stderr).not.toContain('\u001b');
  });
});
