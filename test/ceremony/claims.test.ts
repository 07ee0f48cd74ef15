// What docs/keys.md promises in prose: expiry that was missed, and a new trust anchor when root itself is lost.
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { runServer, runSwupd } from '../support/run-process.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const YEAR = 365 * 86_400;
const TWO_YEARS_AGO = { SOURCE_DATE_EPOCH: String(Math.floor(Date.now() / 1000) - 2 * YEAR) };

let folder: TempFolder;

beforeEach(() => {
  folder = tempFolder();
});

afterEach(() => folder[Symbol.dispose]());

const server = (line: string, env: Readonly<Record<string, string>> = {}) =>
  runServer(line.split(' '), { cwd: folder.path, env });

const device = (line: string) => runSwupd([...line.split(' '), '-j'], { cwd: folder.path });

async function publish(repository: string, version: number, env: Readonly<Record<string, string>> = {}) {
  const path = join(folder.path, 'image/os-core/usr/bin/hello');
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `build ${version}\n`);
  const { exit, stderr } = await server(`build ${repository} --image image --version ${version}`, env);
  expect(exit, stderr).toBe(0);
}

describe('metadata that everybody forgot', () => {
  test('stop updates only, and go on when they are renewed', async () => {
    await server('init os --product forgotten', TWO_YEARS_AGO);
    await publish('os', 10, TWO_YEARS_AGO);
    mkdirSync(join(folder.path, 'root'));
    const refused = await device('os-install root -u ./os -C os/metadata/1.root.json');
    expect(refused.exit).toBe(21);
    expect(refused.stdout).toContain('"code":"metadata-expired"');
    const renewed = await server('release renew os');
    expect(renewed.exit, renewed.stderr).toBe(0);
    expect((await device('os-install root -u ./os -C os/metadata/1.root.json')).exit).toBe(0);
    await publish('os', 20);
    expect((await device('update -p root')).exit).toBe(0);
    expect((await device('verify -p root')).exit).toBe(0);
  });
});

describe('a new trust anchor', () => {
  test('brings a device to a repository with other keys, and nothing else does', async () => {
    await server('init os --product router-7');
    await publish('os', 10);
    mkdirSync(join(folder.path, 'root'));
    expect((await device('os-install root -u ./os -C os/metadata/1.root.json')).exit).toBe(0);
    await server('init new --product router-7');
    await publish('new', 20);
    expect((await device('update -p root -u ./new')).exit).toBe(21);
    const moved = await device('update -p root -u ./new -C new/metadata/1.root.json');
    expect(moved.exit, moved.stderr).toBe(0);
    expect((await device('update -p root -u ./new')).exit).toBe(0);
    expect((await device('verify -p root')).exit).toBe(0);
  });
});
