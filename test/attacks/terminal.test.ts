import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ProcessResult, runServer, runSwupd } from '../support/run-process.ts';
import { Scene } from '../support/scene.ts';
import { file, symlink } from '../support/tree.ts';
import { place } from '../support/write-tree.ts';

/** Clears the screen, sets its title and colours, turns the direction of the text, fakes a line; as bytes of a file name. */
const STEER = 'x\x1b[2J\x1b]0;owned\x07\xc2\x9b31m\xe2\x80\xae\r\nfake: all is well';
const PATH = `usr/${STEER}`;
const NOW = Math.floor(Date.now() / 1000);

/** Bytes that terminals obey, in text that is UTF-8. */
const OBEYED = /[^\P{C}\n]|[\p{Zl}\p{Zp}]/u;

function expectTame({ stdout, stderr }: ProcessResult): void {
  expect(stdout).not.toMatch(OBEYED);
  expect(stderr).not.toMatch(OBEYED);
  expect(`${stdout}${stderr}`).not.toMatch(/^fake/m);
}

describe('names that steer a terminal, on a device', () => {
  let scene: Scene;
  let root: string;
  beforeAll(async () => {
    scene = new Scene({ time: NOW });
    const toml = `[bundles.more]\ndescription = "more\\u001b[2J\\u009b31m\\u202e\\nfake: all is well"\n`;
    const tree = (text: string) => ({ [PATH]: file(text), 'usr/link': symlink(STEER) });
    const build = (version: number) =>
      scene.repository.build(version, {
        bundles: { 'os-core': tree(`${version}`), more: { [`${PATH}-more`]: file('m') } },
        toml,
      });
    await build(10);
    await build(20);
    root = join(scene.folder, 'root');
    mkdirSync(root);
    const { exit } = await runSwupd([
      ...['os-install', root, '-u', scene.repository.url, '-C', scene.repository.anchorFile, '-V', '10'],
    ]);
    expect(exit).toBe(0);
    rmSync(place(root, PATH));
    rmSync(join(root, 'usr/link'));
    writeFileSync(place(root, 'usr/link'), 'no link');
    writeFileSync(place(root, `usr/extra${STEER}`), 'extra');
  });
  afterAll(() => scene[Symbol.dispose]());

  test.each([
    [['bundle-info', 'more', '--files']],
    [['bundle-info', 'os-core', '--files', '--quiet']],
    [['bundle-list', '--all', '--verbose']],
    [['diagnose', '--picky']],
    [['diagnose', '--picky', '--quiet']],
    [['repair', '--picky', '--dry-run', '--verbose']],
    [['update', '--dry-run', '--verbose']],
    [['verify', '--file', `/${STEER}`]],
    [['bundle-add', STEER]],
    [['info', '-p', `/nowhere${STEER}`]],
  ])('%j', async (args) => {
    const named = args.includes('-p') ? [] : ['-p', root];
    const result = await runSwupd([...args.map(asArgument), ...named]);
    expect(`${result.stdout}${result.stderr}`).not.toBe('');
    expectTame(result);
  });

  test('JSON has the true names', async () => {
    const { stdout } = await runSwupd(['diagnose', '--picky', '-j', '-p', root]);
    expect(stdout).toContain(`"pathHex":"${Buffer.from(`/${PATH}`, 'latin1').toString('hex')}"`);
  });

  test('a server that steers by the head of its answer', async () => {
    const server = createServer((_, answer) => {
      answer.socket?.end(
        'HTTP/1.1 200 \x9b2J\x85\r\ncontent-encoding: \x9b31m\x85evil\r\ncontent-length: 0\r\n\r\n',
        'latin1',
      );
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const result = await runSwupd([
      ...['check-update', '-p', root, '-u', `http://127.0.0.1:${port}`, '--max-retries', '0', '--verbose'],
    ]);
    server.close();
    expect(result.stderr).toContain('\\x9b31m');
    expectTame(result);
  });
});

describe('names that steer a terminal, in a build', () => {
  test.each([
    ['a pipe', (image: string) => execFileSync('mkfifo', [asArgument(`${image}/os-core/${STEER}`)])],
    ['a bundle', (image: string) => mkdirSync(place(image, STEER))],
    ['a stray file', (image: string) => writeFileSync(place(image, STEER), '')],
  ])('%s', async (_, make) => {
    using scene = new Scene({ time: NOW });
    const image = join(scene.folder, 'image');
    mkdirSync(join(image, 'os-core'), { recursive: true });
    make(image);
    const { path, keys } = scene.repository;
    const result = await runServer([
      ...['build', path, '--image', image, '--version', '10', '--keys', keys, '--jobs', '1'],
    ]);
    expect(result.exit).toBe(1);
    expect(result.stderr).toMatch(/owned/);
    expectTame(result);
  });
});

/** Arguments are text; the bytes that they become are those of the byte string. */
function asArgument(byteString: string): string {
  return Buffer.from(byteString, 'latin1').toString('utf8');
}
