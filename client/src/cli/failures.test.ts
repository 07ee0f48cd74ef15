import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonLines, makeForeignAnchor, makeTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
let root: string;
beforeAll(async () => {
  system = await makeTestSystem();
  root = await system.root();
}, 60_000);
afterAll(() => system.remove());

const TIMEOUT = 30_000;

describe('bad command lines: exit 15 and a hint', { timeout: TIMEOUT }, () => {
  test.each([
    [[]],
    [['updat']],
    [['update', '-V', 'abc']],
    [['update', '-V', '0']],
    [['update', '--dry-run', '--download']],
    [['-W', '0', 'info']],
    [['info', '--retry-delay', '61']],
    [['info', 'extra']],
    [['info', '--nope']],
    [['bundle-add']],
    [['bundle-remove']],
    [['bundle-remove', 'editors', '--orphans']],
    [['bundle-list', '--deps', 'libs', '--has-dep', 'libs']],
    [['diagnose', '--quick', '--picky']],
    [['diagnose', '--picky', '--extra-files-only']],
    [['repair', '-B', 'libs', '--picky']],
    [['diagnose', '-w', '(']],
    [['diagnose', '--file', '../etc']],
    [['verify', '--dry-run']],
    [['os-install', '/mnt', '-p', '/mnt']],
    [['os-install', '/mnt', '--all', '-B', 'libs']],
    [['check-update', '-u', 'http://updates.example.org/']],
    [['check-update', '-u', 'ftp://updates.example.org/']],
    [['info', '-p', '/nowhere/at/all']],
    [['--assume', 'perhaps', 'info']],
  ])('%j', async (args) => {
    const named = args.includes('-p') || args.length === 0 ? [] : ['-p', root];
    const result = await system.swupd(...args, ...named);
    expect(result).toMatchObject({ exit: 15, stdout: '' });
    expect(result.stderr).toMatch(args.length === 0 ? /^Usage: swupd / : /^Error: .{10,}\nHint: .{10,}\n$/);
  });

  test('an unknown command is answered with the one that was meant', async () => {
    expect((await system.swupd('bundle-lst')).stderr).toContain('Did you mean bundle-list?');
  });

  test('-j: the error is a line as well', async () => {
    expect(jsonLines(await system.swupd('-j', 'update', '-V', 'x'))).toEqual([
      { type: 'start', section: 'update' },
      expect.objectContaining({ type: 'error', code: 'usage', area: 'device' }),
      { type: 'end', section: 'update', status: 15 },
    ]);
  });
});

describe('what stops a command', { timeout: TIMEOUT }, () => {
  test.each([
    [3, 'unknown-bundle', ['bundle-add', 'nope']],
    [3, 'unknown-bundle', ['bundle-info', 'nope']],
    [13, 'bundle-not-installed', ['bundle-remove', 'nope']],
    [13, 'bundle-not-installed', ['diagnose', '-B', 'nope']],
    [2, 'bundle-required', ['bundle-remove', 'os-core']],
    [15, 'no-such-version', ['update', '-V', '30']],
    [15, 'already-installed', ['os-install']],
    [16, 'server-unreachable', ['update', '-u', 'http://127.0.0.1:1/', '-r', '0']],
    [16, 'server-unreachable', ['check-update', '-u', '/nowhere/at/all']],
    [21, 'no-trust-anchor', ['check-update', '-C', '/nowhere/at/all']],
    [21, 'bad-root', ['check-update', '-C', '/etc/passwd']],
    [26, 'nothing-matches', ['diagnose', '--file', '/nowhere']],
  ])('exit %i %s: %j', async (exit, code, args) => {
    const result = await system.swupd(...args, '-p', root, '-j');
    expect(result).toMatchObject({ exit, stderr: '' });
    const lines = jsonLines(result);
    expect(lines.find(({ type }) => type === 'error')).toMatchObject({
      code,
      hint: expect.stringMatching(/.{10}/),
    });
    expect(lines.at(-1)).toMatchObject({ type: 'end', status: exit });
  });

  test('another trust anchor: exit 21', async () => {
    const anchor = await makeForeignAnchor(system.folder);
    expect(await system.swupd('update', '-p', root, '-C', anchor)).toMatchObject({ exit: 21 });
    expect((await system.swupd('info', '-q', '-p', root)).stdout).toBe('10\n');
  });

  test.each([['info'], ['update'], ['repair'], ['clean'], ['bundle-add', 'editors']])(
    '%s: a root without a system: exit 20, and no trace',
    async (...args) => {
      const empty = await system.emptyFolder(`empty-${args[0]}`);
      expect(await system.swupd(...args, '-p', empty)).toMatchObject({ exit: 20, stdout: '' });
      expect(readdirSync(empty)).toEqual([]);
    },
  );

  test('--debug shows where an error comes from, --verbose its cause', async () => {
    const result = await system.swupd('info', '-p', '/nowhere/at/all', '--debug', '--verbose');
    expect(result.stderr).toContain('Cause: ENOENT');
    expect(result.stderr).toContain('DeviceError');
  });
});

test('--version and --help', { timeout: TIMEOUT }, async () => {
  const [version, help, command] = await Promise.all([
    system.swupd('--version'),
    system.swupd('--help'),
    system.swupd('update', '--help'),
  ]);
  expect(version).toMatchObject({ exit: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/), stderr: '' });
  expect(help).toMatchObject({ exit: 0, stderr: '' });
  expect(help.stdout).toContain('bundle-remove');
  expect(command).toMatchObject({ exit: 0, stdout: expect.stringContaining('swupd update --version 20') });
});
