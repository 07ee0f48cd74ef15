import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Ended, jsonLines, jsonResult, makeTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await makeTestSystem();
  await system.publish(30, '--barrier', '--reason', 'a new boot loader');
  await system.publish(40, '--min-from', '30', '--reason', 'a hole is closed');
  await system.publish(50, '--channel', 'beta');
}, 60_000);
afterAll(() => system.remove());

const coded = (result: Ended) => ({
  exit: result.exit,
  ...jsonLines(result).find(({ type }) => type === 'error'),
});

describe('following a channel', { timeout: 60_000 }, () => {
  test('over builds that have to be on the way, for people and for programs', async () => {
    const root = await system.root();
    const at = ['-p', root] as const;
    expect((await system.swupd('check-update', ...at)).stdout.split('\n')).toEqual([
      "Build 40 is there; build 10 is installed. Install it with 'swupd update'.",
      '  reason     a hole is closed',
      '  by way of  build 30',
      '',
    ]);
    expect(await system.swupd('check-update', '-q', ...at)).toMatchObject({ exit: 0, stdout: '40\n' });
    const planned = await system.swupd('update', '--dry-run', ...at);
    expect(planned.stdout).toContain('Would update from build 10 to build 40, by way of build 30.\n');
    expect(planned.stdout).toMatch(/so far +up to build 30; what comes after it/);
    const done = await system.swupd('update', '-j', ...at);
    expect(jsonResult(done)).toMatchObject({ kind: 'updated', from: 10, to: 40, stops: [30] });
    expect((await system.swupd('history', '-n', '2', ...at)).stdout).toMatch(
      /10 -> 30 +done[\s\S]*30 -> 40 +done/,
    );
    expect((await system.swupd('update', ...at)).stdout).toBe(
      'Build 40 is installed; there is nothing newer.\n',
    );
  });

  test('that is named, and kept from then on', async () => {
    const root = await system.root();
    const at = ['-p', root] as const;
    expect(coded(await system.swupd('update', '-j', '--channel', 'nightly', ...at))).toMatchObject({
      exit: 21,
      area: 'trust',
      code: 'no-channel',
      details: { role: 'nightly', channels: ['stable', 'beta'] },
    });
    expect((await system.swupd('update', '--channel', 'beta', ...at)).stdout).toMatch(
      /^Updated from build 10 to build 50\.\n/,
    );
    expect((await system.swupd('info', ...at)).stdout).toMatch(/channel +beta\n/);
    expect((await system.swupd('check-update', ...at)).exit).toBe(1);
  });

  test('that no way leads on: exit 42', async () => {
    const root = await system.root();
    await system.publish(60, '--channel', 'beta', '--min-from', '55');
    for (const command of ['check-update', 'update']) {
      const result = await system.swupd(command, '-j', '--channel', 'beta', '-p', root);
      expect(coded(result)).toMatchObject({
        exit: 42,
        code: 'no-way',
        details: { installed: 10, version: 60 },
      });
    }
    expect(await system.swupd('update', '--channel', 'beta', '-V', '50', '-p', root)).toMatchObject({
      exit: 0,
    });
  });
});

describe('info --trust', { timeout: 60_000 }, () => {
  test('for people, scripts and programs, without a server', async () => {
    const root = await system.root();
    const at = ['--trust', '-p', root, '-u', '/nowhere'] as const;
    const { stdout } = await system.swupd('info', ...at);
    const patterns = [
      /^Trust\n/,
      / product +[0-9a-f]{16}\n/,
      / root +version 1, the trust anchor\n/,
      / channel +stable: 1 build offered: 10\n/,
      / time +20\d\d-.* UTC, by the clock\n/,
      / next +timestamp expires first, in 6 days, on 20/,
      /\n +root +1 +20.* UTC +2 of 3: [0-9a-f]{12} [0-9a-f]{12} [0-9a-f]{12}\n/,
      /\n +build +- +- +1 of 1: [0-9a-f]{12}\n/,
    ];
    for (const pattern of patterns) expect(stdout).toMatch(pattern);
    expect(await system.swupd('info', '-q', ...at)).toMatchObject({ exit: 0, stdout: '1\n' });
    expect(jsonResult(await system.swupd('info', '-j', ...at))).toMatchObject({
      anchorVersion: 1,
      rootVersion: 1,
      channel: 'stable',
      offered: [10],
      time: { source: 'clock' },
      next: { role: 'timestamp' },
    });
  });
});
