import { appendFileSync, chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { jsonLines, jsonResult, makeTestSystem, type TestSystem } from './test-system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await makeTestSystem();
}, 60_000);
afterAll(() => system.remove());

const TIMEOUT = 30_000;

describe('what is installed and offered', { timeout: TIMEOUT }, () => {
  let root: string;
  beforeAll(async () => {
    root = await system.root();
  });
  const run = (...args: readonly string[]) => system.swupd(...args, '-p', root);

  test.each([
    [['info'], 0, '10\n'],
    [['check-update'], 0, '20\n'],
    [['update', '--status'], 0, '20\n'],
    [['bundle-list'], 0, 'editors\ngames\nlibs\nos-core\n'],
    [['bundle-list', '--deps', 'editors'], 0, 'libs\nos-core\n'],
    [['bundle-list', '--has-dep', 'libs'], 0, 'editors\n'],
    [
      ['bundle-list', '--status', '--all'],
      0,
      'editors: explicitly installed\ngames: installed\nlibs: installed\nos-core: installed\n',
    ],
    [['bundle-info', 'libs'], 0, 'Installed\n'],
    [['bundle-info', 'editors', '--dependencies'], 0, 'libs\nos-core\n'],
    [['bundle-info', 'games', '--files'], 0, '/usr/share/games\n'],
    [['diagnose'], 0, ''],
    [['verify', '--quick'], 0, ''],
    [['clean', '--dry-run'], 0, ''],
    [['update', '--dry-run'], 0, ''],
  ])('%j --quiet: exit %i, %j', async (args, exit, stdout) => {
    expect(await run(...args, '--quiet')).toEqual({ exit, stdout, stderr: '' });
  });

  test.each([
    ['info', { version: 10 }],
    ['check-update', { installed: 10, newest: 20, isNewer: true }],
    ['diagnose', { version: 10, findings: [], notices: [] }],
  ])('%s -j: lines of JSON from start to end', async (command, facts) => {
    const result = await run(command, '-j');
    const lines = jsonLines(result);
    expect(lines[0]).toEqual({ type: 'start', section: command });
    expect(lines.at(-1)).toEqual({ type: 'end', section: command, status: 0 });
    expect(jsonResult(result)).toMatchObject(facts);
    expect(result.stderr).toBe('');
  });

  test('info, bundle-list and bundle-info for people', async () => {
    const [info, list, bundle] = await Promise.all([
      run('info'),
      run('bundle-list'),
      run('bundle-info', 'editors', '-V', 'latest'),
    ]);
    expect(info.stdout).toContain('Build 10\n');
    expect(info.stdout).toContain(system.repository);
    expect(list.stdout).toMatch(/^editors +\S+ kB +Text editors$/m);
    expect(bundle.stdout).toContain('Bundle editors of build 20\n');
  });
});

describe('changing commands', { timeout: TIMEOUT }, () => {
  test('os-install into a relative path, from a relative repository', async () => {
    const root = await system.emptyFolder('fresh');
    const result = await system.swupd(
      'os-install',
      'fresh',
      '-u',
      './repo',
      '-C',
      'repo/metadata/1.root.json',
    );
    expect(result).toMatchObject({ exit: 0 });
    expect(result.stdout).toContain(`Installed build 20 into ${root}.`);
    expect(result.stdout).toMatch(/downloaded +\S+ kB instead of \S+ kB, \d+ requests/);
    expect(result.stderr).toMatch(/^download: /m);
    expect((await system.swupd('bundle-list', '-q', '-p', root)).stdout).toBe('os-core\n');
  });

  test('update: plan, run, nothing left to do', async () => {
    const root = await system.root();
    appendFileSync(`${root}/etc/os.conf`, 'mine\n');
    const plan = await system.swupd('update', '-p', root, '--dry-run', '--verbose');
    expect(plan.stdout).toContain('Would update from build 10 to build 20.');
    expect(plan.stdout).toContain(' -> put file /usr/bin/new');
    expect(plan.stdout).toMatch(/disk space +\S+ kB needed/);
    expect(existsSync(`${root}/usr/bin/new`)).toBe(false);
    const done = await system.swupd('update', '-p', root, '--time');
    expect(done.stdout).toContain('Updated from build 10 to build 20.');
    expect(done.stderr).toMatch(/^total +\d/m);
    expect(readFileSync(`${root}/usr/share/doc`, 'utf8')).toBe('second\n');
    expect(readFileSync(`${root}/etc/os.conf`, 'utf8')).toBe('name=os\nmine\n');
    expect(await system.swupd('check-update', '-p', root, '-q')).toMatchObject({ exit: 1, stdout: '' });
    expect((await system.swupd('update', '-p', root)).stdout).toContain('nothing newer');
  });

  test('update -j tells the plan in a dry run, and the figures afterwards', async () => {
    const root = await system.root();
    const plan = jsonResult(await system.swupd('update', '-p', root, '-j', '--dry-run'));
    expect(plan).toMatchObject({ kind: 'planned', dryRun: true, changes: 2, removals: 0 });
    expect(plan?.plan).toContainEqual({ action: 'put-file', path: '/usr/bin/new' });
    const lines = jsonLines(await system.swupd('-j', 'update', '-p', root, '-t'));
    expect(lines.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['start', 'progress', 'result', 'time', 'end']),
    );
    expect(lines.find(({ type }) => type === 'result')).toMatchObject({
      kind: 'updated',
      from: 10,
      to: 20,
      failures: [],
      downloadBytes: plan?.downloadBytes,
    });
  });

  test('update --download fills the cache; the update itself then asks for metadata only', async () => {
    const root = await system.root();
    expect((await system.swupd('update', '-p', root, '--download')).stdout).toContain(
      'nothing is changed yet',
    );
    const result = jsonResult(await system.swupd('update', '-p', root, '-j'));
    expect(result).toMatchObject({ kind: 'updated', downloadBytes: 0, transferred: { requests: 2 } });
  });

  test('bundle-remove and bundle-add', async () => {
    const root = await system.root();
    const removed = await system.swupd('bundle-remove', 'editors', '--recursive', '-p', root);
    expect(removed).toMatchObject({ exit: 0 });
    expect(removed.stdout).toContain('Removed editors, libs.');
    expect(existsSync(`${root}/usr/bin/vi`)).toBe(false);
    expect((await system.swupd('bundle-remove', '--orphans', '-q', '-p', root)).exit).toBe(0);
    const added = await system.swupd('bundle-add', 'editors', 'nope', '-p', root);
    expect(added).toMatchObject({ exit: 3 });
    expect(added.stdout).toContain('Added editors, games, libs.');
    expect(added.stderr).toContain("Error: there is no bundle 'nope'\nHint: ");
    expect(existsSync(`${root}/usr/bin/vi`)).toBe(true);
    const again = await system.swupd('bundle-add', 'editors', '-p', root);
    expect(again).toMatchObject({ exit: 0, stdout: 'Bundle editors is installed already.\n' });
  });

  test('bundle-remove --force removes what needs the bundle; --assume no declines', async () => {
    const root = await system.root();
    const refused = await system.swupd('bundle-remove', 'libs', '-p', root);
    expect(refused).toMatchObject({ exit: 2 });
    const declined = await system.swupd('bundle-remove', 'libs', '--force', '--assume', 'no', '-p', root);
    expect(declined).toMatchObject({ exit: 1 });
    const forced = await system.swupd('bundle-remove', 'libs', '--force', '-p', root);
    expect(forced.stdout).toContain('Removed editors, libs.');
  });
});

describe('diagnose, repair, verify', { timeout: TIMEOUT }, () => {
  const damage = async (): Promise<string> => {
    const root = await system.root();
    chmodSync(`${root}/usr/bin/vi`, 0o600);
    rmSync(`${root}/usr/bin/core`);
    writeFileSync(`${root}/usr/share/doc`, 'wrong\n');
    writeFileSync(`${root}/usr/extra\n1`, '');
    writeFileSync(Buffer.from(`${root}/usr/extra\xff`, 'latin1'), '');
    return root;
  };

  test('find, show and put right', async () => {
    const root = await damage();
    const found = await system.swupd('diagnose', '-p', root);
    expect(found).toMatchObject({ exit: 1 });
    expect(found.stdout.split('\n').slice(0, 3)).toEqual([
      ' -> Missing file: /usr/bin/core',
      ' -> Wrong mode: /usr/bin/vi (0644 expected, 0600 found)',
      ' -> Modified file: /usr/share/doc',
    ]);
    expect(found.stdout).toContain('3 differences found.');
    const quiet = await system.swupd('verify', '-p', root, '--picky', '-q');
    expect(quiet.stdout.split('\n')).toEqual([
      '/usr/bin/core',
      '/usr/bin/vi',
      '/usr/share/doc',
      '/usr/extra\\x0a1',
      '/usr/extra\\xff',
      '',
    ]);
    const limited = await system.swupd('diagnose', '-p', root, '--file', '/usr/bin/', '-q');
    expect(limited.stdout).toBe('/usr/bin/core\n/usr/bin/vi\n');
    const planned = await system.swupd('verify', '--fix', '--dry-run', '-p', root);
    expect(planned.stdout).toContain('Would repair 3 differences from build 10.');
    const repaired = await system.swupd('verify', '--fix', '-p', root);
    expect(repaired).toMatchObject({ exit: 0 });
    expect(repaired.stdout).toContain('Repaired 3 differences from build 10.');
    expect((await system.swupd('diagnose', '-p', root, '-q')).stdout).toBe('');
  });

  test('extra files: named with their bytes, removed unless whitelisted', async () => {
    const root = await damage();
    const result = jsonResult(await system.swupd('diagnose', '--extra-files-only', '-j', '-p', root));
    expect(result?.findings).toEqual([
      { path: '/usr/extra\\x0a1', pathHex: Buffer.from('/usr/extra\n1').toString('hex'), problem: 'extra' },
      { path: '/usr/extra\\xff', pathHex: '2f7573722f6578747261ff', problem: 'extra' },
    ]);
    const spared = await system.swupd('repair', '--picky', '-w', '/usr/extra', '-p', root);
    expect(spared).toMatchObject({ exit: 0 });
    expect(existsSync(`${root}/usr/extra\n1`)).toBe(true);
    expect(await system.swupd('repair', '--picky', '--yes', '-p', root)).toMatchObject({ exit: 0 });
    expect(existsSync(`${root}/usr/extra\n1`)).toBe(false);
    expect(await system.swupd('verify', '--picky', '-p', root)).toMatchObject({ exit: 0 });
  });

  test('clean', async () => {
    const root = await system.root();
    await system.swupd('update', '--download', '-p', root);
    const names = await system.swupd('clean', '--dry-run', '-q', '-p', root);
    expect(names.stdout).toContain('cache/');
    expect((await system.swupd('clean', '-p', root)).stdout).toMatch(/^Removed \d+ files/);
    expect(await system.swupd('clean', '--dry-run', '-q', '-p', root)).toMatchObject({ exit: 0, stdout: '' });
  });
});
