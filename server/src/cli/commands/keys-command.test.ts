// The commands for keys, releases and channels as processes: what they print, and how they end.
import { spawnSync } from 'node:child_process';
import { chmodSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyLab, type Lab, openLab, TIME } from '../../test-build.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));

let built: Lab;

beforeAll(async () => {
  built = openLab();
  await built.build(10);
  await built.build(20, { offer: { channel: 'beta' } });
});

afterAll(() => built[Symbol.dispose]());

interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

function run(args: readonly string[], { env, cwd = built.folder }: RunOptions = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
    env: { ...process.env, SOURCE_DATE_EPOCH: String(TIME + 100), ...env },
    cwd,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

describe('help', () => {
  // test/architecture asks all of them.
  test.each(['keys', 'release', 'channel', 'keys rotate', 'release sign', 'channel promote'])(
    '%s --help',
    (command) => {
      const { status, stdout } = run([...command.split(' '), '--help']);
      expect(status).toBe(0);
      expect(stdout).toMatch(/Usage: [\s\S]*Example/);
      for (const line of stdout.split('\n')) expect(line.length).toBeLessThan(150);
    },
  );

  test.each([
    [['keys'], 2],
    [['keys', 'lose'], 2],
    [['release', 'sign', 'repo'], 2],
    [['channel', 'promote', 'ten', '--to', 'stable', '--repo', 'repo'], 2],
    [['keys', 'list', 'image'], 1],
    [['channel', 'promote', '10', '--to', 'stable'], 1],
    [['keys', 'rotate', 'repo', 'king'], 1],
    [['release', 'sign', 'nowhere', '--key', 'repo.keys/root-1.key'], 1],
    [['release', 'publish', 'nowhere'], 1],
  ])('%j ends with %i, and says what to do', (args, status) => {
    const result = run(args);
    expect(result.status, result.stderr).toBe(status);
    expect(result.stderr.length).toBeGreaterThan(20);
    expect(result.stderr).not.toContain('    at ');
  });
});

describe('keys', () => {
  test('generate writes a secret for its owner, once', () => {
    const args = ['keys', 'generate', 'new/deep/root-9.key', '--role', 'root', '-j'];
    const made = JSON.parse(run(args).stdout);
    expect(statSync(made.secret).mode & 0o777).toBe(0o600);
    expect(readFileSync(made.public, 'utf8')).not.toContain(readFileSync(made.secret, 'utf8').split('\n')[1]);
    expect(JSON.parse(run(args).stdout)).toMatchObject({ type: 'error', code: 'keys-exist' });
    chmodSync(made.secret, 0o640);
    const signed = run(['release', 'sign', 'repo.prepared', '--key', made.secret, '-j']);
    expect(JSON.parse(signed.stdout)).toMatchObject({ code: 'key-exposed' });
  });

  test('list tells where keys are, and warns of those that lie together', () => {
    const here = run(['keys', 'list', 'repo']);
    expect(here.stdout).toMatch(/^root, 2 of 3 +[0-9a-f]{16} {2}\S+\/repo\.keys\/root-1\.key$/m);
    expect(here.stderr).toContain('root: 3 keys lie in one folder');
    const elsewhere = JSON.parse(run(['keys', 'list', 'repo', '--keys', 'image', '-j']).stdout);
    expect(elsewhere).toMatchObject({ product: 'lab', warnings: [] });
    expect(elsewhere.roles.flatMap(({ keys }: { keys: { file?: string }[] }) => keys)).toHaveLength(9);
    expect(JSON.stringify(elsewhere)).not.toContain('.key');
  });

  test('list warns of what has to be renewed', () => {
    const late = { SOURCE_DATE_EPOCH: String(TIME + 200 * 86_400) };
    const { stderr } = run(['keys', 'list', 'repo'], { env: late });
    expect(stderr).toMatch(/root\.json expires .*: swupd-server release renew \S+repo root$/m);
    expect(stderr).toMatch(/timestamp\.json .*: swupd-server timestamp \S+repo$/m);
  });

  test('revoke says in words what has changed', () => {
    using lab = copyLab(built);
    const { stdout } = run(['keys', 'revoke', 'repo', 'repo.keys/release-2.pub'], { cwd: lab.folder });
    expect(stdout).toMatch(
      /^targets +- key [0-9a-f]{64} no more signs the channel stable, the channel beta$/m,
    );
    expect(stdout).toMatch(/^retired +\S+retired\/release-2\.key$/m);
  });
});

describe('channel', () => {
  test.each<[string, string[], RunOptions]>([
    ['--repo', ['--repo', 'repo'], {}],
    ['$SWUPD_REPO', [], { env: { SWUPD_REPO: 'repo' } }],
    ['the working directory', ['--keys', '../repo.keys'], { cwd: 'repo' }],
  ])('promote finds the repository by %s', (_how, more, options) => {
    using lab = copyLab(built);
    const cwd = join(lab.folder, options.cwd ?? '');
    const args = ['channel', 'promote', '20', '--to', 'stable', ...more];
    expect(run(args, { ...options, cwd })).toMatchObject({ status: 0, stderr: '' });
    expect(run(['channel', 'list', 'repo'], { cwd: lab.folder }).stdout).toBe(
      'stable  build 20\n        build 10\nbeta    build 20\n',
    );
  });
});

describe('release', () => {
  test('status, sign and publish of what waits', () => {
    using lab = copyLab(built);
    const at = { cwd: lab.folder };
    expect(run(['release', 'status', 'repo'], at).stdout).toBe('nothing waits for signatures\n');
    const withdraw = ['channel', 'withdraw', '20', '--from', 'beta', '--repo', 'repo', '--keys', 'image'];
    expect(run(withdraw, at).stdout).toMatch(/^waits +2\.beta\.json needs 2 more signatures of 2, by keys /m);
    const status = JSON.parse(run(['release', 'status', 'repo', '-j'], at).stdout);
    expect(status.files).toMatchObject([{ role: 'beta', says: ['- offers build 20 no more'] }]);
    const keys = ['--key', 'repo.keys/release-1.key', '--key', 'repo.keys/release-2.key'];
    expect(run(['release', 'sign', 'repo.prepared', '--show'], at).stdout).toContain('- offers build 20');
    const file = 'repo.prepared/metadata/2.beta.json';
    expect(run(['release', 'sign', file, ...keys], at).stdout).toMatch(
      /^state +complete, with 2 signatures$/m,
    );
    expect(run(['release', 'publish', 'repo', '-j'], at).stdout).toContain('"publication":"published"');
    expect(run(['channel', 'list', 'repo'], at).stdout).toContain('beta    offers nothing yet\n');
  });
});
