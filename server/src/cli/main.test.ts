import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyLab, type Lab, listFiles, noise, openLab, TIME } from '../test-build.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
const env = { ...process.env, SOURCE_DATE_EPOCH: String(TIME) };

function run(...args: string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], { env, encoding: 'utf8' });
  return { status, stdout, stderr };
}

const build = (lab: Lab, version: number, ...more: string[]) =>
  run('build', lab.repository, '--image', lab.image, '--version', String(version), ...more);

describe('swupd-server', () => {
  test('founds a repository, and never twice', () => {
    using lab = openLab();
    const repository = join(lab.folder, 'deep/new');
    const { status, stdout, stderr } = run('init', repository, '-j');
    expect(status, stderr).toBe(0);
    const { trustAnchor, keys } = JSON.parse(stdout);
    expect(trustAnchor).toBe(join(repository, 'metadata/1.root.json'));
    expect(existsSync(trustAnchor)).toBe(true);
    expect(statSync(keys).mode & 0o7777).toBe(0o700);
    expect(statSync(join(keys, 'root-1.key')).mode & 0o7777).toBe(0o600);
    expect(run('init', repository, '-j')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('repository-exists'),
    });
    expect(run('init', `${repository}2`, '--keys', keys, '-j')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('keys-exist'),
    });
    expect(existsSync(`${repository}2`)).toBe(false);
  });

  test('builds with a summary for people, or as one JSON object', () => {
    using lab = openLab();
    lab.write({ 'os-core/usr/bin/a': noise(5000, 1) });
    const first = build(lab, 10);
    expect(first.stdout).toMatch(/^build 10 +1 of 1 bundle changed: os-core$/m);
    expect(first.stderr).toMatch(/^compress: 5(?:\.\d+)? kB in/m);
    expect(first.stderr).toMatch(
      /^swupd-server: devices refuse it: timestamp\.json expires on 2023-.*: swupd-server timestamp /m,
    );
    lab.write({ 'os-core/usr/bin/a': `${noise(5000, 1)} changed` });
    const report = join(lab.folder, 'report');
    const second = build(lab, 20, '--json', '--report', report);
    const summary = JSON.parse(second.stdout);
    expect(summary).toMatchObject({
      type: 'build',
      version: 20,
      previous: 10,
      changedBundles: ['os-core'],
      deltas: { count: 1 },
      deltaCodecs: [{ count: 1 }],
      reducedDeltas: 0,
      updates: [{ from: 10 }],
    });
    const [codec] = summary.deltaCodecs;
    expect(JSON.parse(readFileSync(report, 'utf8'))).toMatchObject({
      path: '/usr/bin/a',
      delta: summary.deltas.bytes,
      codec: codec.codec,
      attempts: expect.arrayContaining([
        { codec: codec.codec, bytes: summary.deltas.bytes, seconds: expect.any(Number) },
      ]),
    });
  });

  test('signs by commands in the place of files', () => {
    using lab = openLab();
    const [keys, away] = [`${lab.repository}.keys`, join(lab.folder, 'away')];
    renameSync(keys, away);
    const signer = join(lab.folder, 'sign.mjs');
    writeFileSync(signer, SIGNER);
    const by = (role: string, name = role) => [
      '--signer',
      `${role}='${process.execPath}' '${signer}' '${away}/${name}.key'`,
    ];
    const commands = [...by('build'), ...by('release', 'release-1'), ...by('release', 'release-3')];
    const { status, stdout, stderr } = build(lab, 10, ...commands, ...by('snapshot'), ...by('timestamp'));
    expect(status, stderr).toBe(0);
    expect(stdout).toMatch(/^offered +newest: 10 on stable$/m);
    expect(stdout).toMatch(/^timestamp +expires .*: swupd-server timestamp /m);
    const waiting = build(lab, 20, ...by('build'), ...by('release', 'release-1'));
    expect(waiting.status, waiting.stderr).toBe(0);
    expect(waiting.stdout).toMatch(/^not offered +stable\.json needs 1 more signature of 2, by keys /m);
    const kept = build(lab, 30, ...by('build'), '--no-offer');
    expect(kept.stdout).toMatch(/^not offered +to offer it: swupd-server channel promote 30 /m);
  });

  test.each([
    [[], 2],
    [['--help'], 0],
    [['build', '--help'], 0],
    [['init', '--help'], 0],
    [['timestamp', '--help'], 0],
    [['bild'], 2],
    [['build'], 2],
    [['build', 'REPO', '--image', '.', '--version', '1', '--what'], 2],
    [['build', 'REPO', '--image', '.', '--version', '0'], 2],
    [['build', 'REPO', '--image', '.', '--version', '1e3'], 2],
    [['build', 'REPO', '--image', '.', '--version', '9007199254740992'], 2],
    [['build', 'REPO', '--image', '.', '--version', '1', '--jobs', '0'], 2],
    [['build', 'REPO', '--image', '.', '--version', '1', '--min-from', 'x'], 2],
    [['build', 'REPO', '--image', '.', '--version', '1', '--no-offer', '--barrier'], 2],
    [['init', 'REPO', '--product', 'two words'], 2],
    [['timestamp', 'REPO', '--expires', '0'], 2],
    [['timestamp', 'REPO'], 1],
    [['build', 'REPO', '--image', '.', '--version', '1', '--memory', '1'], 2],
    [['build', 'REPO', '--image', '.', '--version', '1', '--memory', '4GB'], 2],
    [['build', 'REPO', '--image', '.', '--version', '1', '--report', '/missing/report'], 1],
    [['build', 'REPO', '--image', '.', '--version', '1'], 1],
  ])('%j ends with %i', (args, status) => {
    const result = run(...args);
    expect(result.status, result.stderr).toBe(status);
    if (status === 0) expect(result.stdout).toMatch(/Usage: [\s\S]*Example/);
    else expect(result.stderr.length).toBeGreaterThan(10);
  });

  test('a bad input gets its code, a sentence and a hint', () => {
    using lab = openLab();
    writeFileSync(join(lab.image, 'stray'), '');
    const { status, stdout, stderr } = build(lab, 10, '-j');
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'error',
      code: 'unexpected-file',
      details: { name: 'stray' },
    });
    expect(stderr).toMatch(/^swupd-server: .*'stray'.*\n {2}Only a folder/);
  });
});

/** Signs stdin with the key file that it is called with. */
const SIGNER = `
import { createPrivateKey, sign } from 'node:crypto';
import { readFileSync } from 'node:fs';
const seed = readFileSync(process.argv[2], 'latin1').split('\\n')[1];
const der = Buffer.from('302e020100300506032b657004220420' + seed, 'hex');
const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
process.stdout.write(sign(null, readFileSync(0), key));
`;

describe('a build that is killed', () => {
  let start: Lab;
  let expected: Record<string, string>;

  beforeAll(async () => {
    start = openLab();
    start.write(treeOf('first'));
    await start.build(10);
    start.write(treeOf('second'));
    using other = copyLab(start);
    await other.build(20, { time: TIME });
    expected = listFiles(other.repository);
  }, 60_000);

  afterAll(() => start[Symbol.dispose]());

  test.each(['scan', 'compress', 'deltas', 'packs'])(
    'after the stage %s leaves the repository as it was, and the next one does the rest',
    async (stage) => {
      using lab = copyLab(start);
      if (!(await killAfter(stage, lab))) {
        // After the last stage the build may be publishing already.
        if (stage !== 'packs') expect(listFiles(lab.repository)).toEqual(listFiles(start.repository));
        await lab.build(20, { time: TIME });
      }
      expect(listFiles(lab.repository)).toEqual(expected);
    },
  );
});

function treeOf(end: string): Record<string, string> {
  return Object.fromEntries(
    Array.from({ length: 8 }, (_, i) => [`os-core/usr/${i}`, `${noise(20_000, i)} ${end}`]),
  );
}

/** Kills a build of version 20 when it says that a stage is over; tells whether the build was quicker. */
async function killAfter(stage: string, lab: Lab): Promise<boolean> {
  const args = [MAIN, 'build', lab.repository, '--image', lab.image, '--version', '20'];
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
  const ended = once(child, 'exit');
  for await (const line of createInterface(child.stderr)) {
    if (line.startsWith(`${stage}: `)) child.kill('SIGKILL');
  }
  const [code] = await ended;
  return code === 0;
}
