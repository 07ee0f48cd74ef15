import { spawnSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatTime } from '@swupd/manifests/trust';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { copyLab, type Lab, listFiles, openLab, TIME } from '../../test-build.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
const DAY = 86_400;

let built: Lab;

beforeAll(async () => {
  built = openLab();
  await built.build(10, { time: TIME });
});

afterAll(() => built[Symbol.dispose]());

/** Runs `timestamp` so many seconds after the build. */
function run(lab: Lab, later: number, ...more: string[]) {
  const env = { ...process.env, SOURCE_DATE_EPOCH: String(TIME + later) };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [MAIN, 'timestamp', lab.repository, ...more],
    { env, encoding: 'utf8' },
  );
  return { status, stdout, stderr };
}

describe('swupd-server timestamp', () => {
  test('in time says when to come again, and nothing else', () => {
    using lab = copyLab(built);
    const { status, stdout, stderr } = run(lab, 2 * DAY);
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toBe(
      `timestamp  expires ${formatTime(TIME + 9 * DAY)}; renew it from ${formatTime(TIME + 5.5 * DAY)} on: swupd-server timestamp ${lab.repository}\n`,
    );
  });

  test('on a machine whose clock was lost goes on from the last timestamp', () => {
    using lab = copyLab(built);
    run(lab, 2 * DAY);
    const { stdout, stderr } = run(lab, -TIME);
    expect(stdout).toContain(`expires ${formatTime(TIME + 9 * DAY)};`);
    expect(stderr).toMatch(/^swupd-server: it is 1970-01-01T00:00:00Z here, .*; set the clock/);
  });

  test('needs the metadata of the repository only', () => {
    using lab = copyLab(built);
    for (const name of readdirSync(lab.repository).filter((folder) => folder !== 'metadata'))
      rmSync(join(lab.repository, name), { recursive: true });
    expect(run(lab, 20 * DAY).status).toBe(0);
    expect(readdirSync(lab.repository)).toEqual(['metadata']);
  });

  test('too late for half of its life warns', () => {
    using lab = copyLab(built);
    expect(run(lab, 4 * DAY).stderr).toMatch(/half of the life of the last timestamp was over/);
    expect(run(lab, 5 * DAY).stderr).toBe('');
  });

  test('warns of all that others have to sign soon, and names the command', () => {
    using lab = copyLab(built);
    const { status, stdout, stderr } = run(lab, 100 * DAY, '-j');
    expect(status).toBe(0);
    expect(stderr).toContain(`release renew ${lab.repository} stable`);
    expect(JSON.parse(stdout)).toMatchObject({
      type: 'timestamp',
      channels: { stable: 10 },
      late: expect.arrayContaining(['stable', 'timestamp']),
      expiries: expect.arrayContaining([
        {
          role: 'timestamp',
          version: 3,
          expires: formatTime(TIME + 107 * DAY),
          renewFrom: formatTime(TIME + 103.5 * DAY),
        },
        {
          role: 'snapshot',
          version: 3,
          expires: formatTime(TIME + 130 * DAY),
          renewFrom: expect.any(String),
        },
      ]),
    });
  });

  test('needs the two online keys only, or a command that signs', () => {
    using lab = copyLab(built);
    const keys = `${lab.repository}.keys`;
    for (const name of ['root-1', 'root-2', 'root-3', 'release-1', 'release-2', 'release-3', 'build'])
      rmSync(join(keys, `${name}.key`));
    expect(run(lab, DAY, '--expires', '1').status).toBe(0);
    rmSync(join(keys, 'timestamp.key'));
    const before = listFiles(lab.repository);
    expect(run(lab, DAY, '-j')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('"keys-missing"'),
    });
    expect(run(lab, DAY, '--signer', 'timestamp=echo no card >&2; exit 1', '-j')).toMatchObject({
      status: 1,
      stdout: expect.stringContaining('"signer-failed"'),
      stderr: expect.stringContaining('no card'),
    });
    expect(listFiles(lab.repository)).toEqual(before);
  });
});
