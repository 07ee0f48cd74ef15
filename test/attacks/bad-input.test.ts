import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { runServer, runSwupd } from '../support/run-process.ts';
import { Scene } from '../support/scene.ts';
import { snapshotTree } from '../support/snapshot-tree.ts';
import { file } from '../support/tree.ts';
import { writeTree } from '../support/write-tree.ts';

const NOW = Math.floor(Date.now() / 1000);

interface Said {
  readonly code: string;
  readonly exit: number;
}

/** Runs swupd with -j: the exit code, and the code of the one error that it says. */
async function refusal(args: readonly string[]): Promise<Said> {
  const { exit, stdout } = await runSwupd([...args, '-j', '--max-retries', '0']);
  const lines = stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const errors = lines.filter(({ type }) => type === 'error');
  expect(errors).toHaveLength(1);
  const [{ code, msg, hint } = {}] = errors;
  expect(msg).toMatch(/^[^\n]+$/);
  expect(hint).toMatch(/^[A-Z][^\n]+\.$/);
  return { code: String(code), exit: Number(exit) };
}

describe('a device and bad input', () => {
  let scene: Scene;
  let root: string;
  beforeAll(async () => {
    scene = new Scene({ time: NOW });
    const build = (version: number, text: string) =>
      scene.repository.build(version, {
        bundles: { 'os-core': { 'usr/a': file(text) }, more: { 'usr/m': file('m') } },
      });
    await build(10, 'ten');
    await build(20, 'twenty');
    root = join(scene.folder, 'root');
    mkdirSync(root);
    const { exit, stderr } = await runSwupd([
      ...['os-install', root, '-u', scene.repository.url, '-C', scene.repository.anchorFile, '-V', '10'],
    ]);
    expect({ exit, stderr }).toMatchObject({ exit: 0 });
  });
  afterAll(() => scene[Symbol.dispose]());

  const anchorOf = (other: Scene): string => other.repository.anchorFile;

  test.each<[what: string, args: (at: { root: string }) => readonly string[], said: Said]>([
    ['an unknown bundle', () => ['bundle-add', 'nonsense'], { code: 'unknown-bundle', exit: 3 }],
    [
      'a bundle that is not installed',
      () => ['bundle-remove', 'more'],
      { code: 'bundle-not-installed', exit: 13 },
    ],
    ['the bundle that must stay', () => ['bundle-remove', 'os-core'], { code: 'bundle-required', exit: 2 }],
    ['an older version', () => ['update', '-V', '5'], { code: 'no-such-version', exit: 15 }],
    ['a version that is not there', () => ['update', '-V', '99'], { code: 'no-such-version', exit: 15 }],
    [
      'a folder that is not there',
      () => ['update', '-u', 'file:///nowhere'],
      { code: 'server-unreachable', exit: 16 },
    ],
    ['a URL that is none', () => ['update', '-u', 'gopher://x'], { code: 'bad-url', exit: 15 }],
    ['plain http', () => ['update', '-u', 'http://192.0.2.1/'], { code: 'insecure-url', exit: 15 }],
    ['a system that is there', ({ root }) => ['os-install', root], { code: 'already-installed', exit: 15 }],
    [
      'a path that is in no bundle',
      () => ['verify', '--file', '/usr/nowhere'],
      { code: 'nothing-matches', exit: 26 },
    ],
  ])('%s', async (_, args, said) => {
    const before = snapshotTree(root, { except: ['var'] });
    const given = args({ root });
    expect(await refusal(given.includes(root) ? given : [...given, '-p', root])).toEqual(said);
    expect(snapshotTree(root, { except: ['var'] })).toEqual(before);
  });

  test('a folder that is no repository', async () => {
    const folder = join(scene.folder, 'no-repository');
    mkdirSync(folder);
    expect(await refusal(['update', '-p', root, '-u', folder])).toEqual({
      code: 'metadata-missing',
      exit: 21,
    });
  });

  test('a server that nobody answers for', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await once(probe, 'listening');
    const { port } = probe.address() as { port: number };
    probe.close();
    await once(probe, 'close');
    const before = snapshotTree(root, { except: ['var'] });
    expect(await refusal(['update', '-p', root, '-u', `http://127.0.0.1:${port}`])).toEqual({
      code: 'server-unreachable',
      exit: 16,
    });
    expect(snapshotTree(root, { except: ['var'] })).toEqual(before);
  });

  test('the key of somebody else', async () => {
    using other = new Scene({ time: NOW });
    const before = snapshotTree(root, { except: ['var'] });
    expect(await refusal(['update', '-p', root, '-C', anchorOf(other)])).toEqual({
      code: 'unsigned-metadata',
      exit: 21,
    });
    expect(snapshotTree(root, { except: ['var'] })).toEqual(before);
  });

  test('no key at all, and an empty root', async () => {
    const empty = join(scene.folder, 'empty');
    mkdirSync(empty);
    expect(await refusal(['os-install', empty, '-u', scene.repository.url])).toEqual({
      code: 'no-trust-anchor',
      exit: 21,
    });
    expect(await refusal(['update', '-p', empty])).toEqual({ code: 'not-installed', exit: 20 });
    expect([...snapshotTree(empty, { except: ['var'] }).keys()]).toEqual([]);
  });

  test('a truncated pack costs bytes, not the update', async () => {
    for (const name of scene.repository.objects('packs')) truncateSync(join(scene.repository.path, name), 20);
    const { exit } = await runSwupd(['update', '-p', root]);
    expect(exit).toBe(0);
    expect(readFileSync(join(root, 'usr/a'), 'utf8')).toBe('twenty');
  });
});

describe('a build and bad input', () => {
  let scene: Scene;
  let image: string;
  beforeAll(async () => {
    scene = new Scene({ time: NOW });
    await scene.repository.build(10, { bundles: { 'os-core': { 'usr/a': file('a') } } });
    image = join(scene.folder, 'image');
  });
  afterAll(() => scene[Symbol.dispose]());

  async function build(version = '20'): Promise<Said> {
    const { exit, stdout } = await runServer([
      'build',
      scene.repository.path,
      '--image',
      image,
      '--version',
      version,
      '--keys',
      scene.repository.keys,
      '-j',
      '--jobs',
      '1',
    ]);
    const error = JSON.parse(stdout.split('\n')[0] ?? '') as Record<string, unknown>;
    expect(error.hint).toMatch(/^[A-Z][^\n]+\.$/);
    return { code: String(error.code), exit: Number(exit) };
  }

  async function socketAt(path: string): Promise<void> {
    const server = createServer().listen(path);
    await once(server, 'listening');
    // A server that closes takes its socket away, so it is left under another name.
    execFileSync('ln', [path, `${path}.kept`]);
    server.close();
  }

  const onPlain = (work: () => unknown) => (): unknown => {
    plain();
    return work();
  };
  const plain = (): void => writeTree(join(image, 'os-core'), { 'usr/a': file('a') });

  test.each<[what: string, prepare: () => unknown, code: string, version?: string]>([
    ['a socket', onPlain(() => socketAt(join(image, 'os-core/usr/s'))), 'unsupported-file'],
    [
      'a named pipe',
      onPlain(() => execFileSync('mkfifo', [join(image, 'os-core/usr/p')])),
      'unsupported-file',
    ],
    [
      'a device',
      onPlain(() => execFileSync('mknod', [join(image, 'os-core/usr/d'), 'c', '1', '3'])),
      'unsupported-file',
    ],
    ['no image', () => {}, 'image-missing'],
    ['no os-core', () => writeTree(join(image, 'more'), { a: file('a') }), 'no-os-core'],
    ['a file among the bundles', onPlain(() => writeFileSync(join(image, 'stray'), '')), 'unexpected-file'],
    ['a bad name', onPlain(() => mkdirSync(join(image, 'MoM'))), 'bad-bundle-name'],
    ['a link for a bundle', onPlain(() => symlinkSync('os-core', join(image, 'more'))), 'unexpected-file'],
    [
      'bad settings',
      onPlain(() => writeFileSync(join(image, 'bundles.toml'), '[bundles.x')),
      'bad-bundles-toml',
    ],
    [
      'an unknown include',
      onPlain(() => writeFileSync(join(image, 'bundles.toml'), '[bundles.os-core]\nincludes=["x"]')),
      'bad-bundles-toml',
    ],
    [
      'different content at one path',
      onPlain(() => writeTree(join(image, 'more'), { 'usr/a': file('b') })),
      'path-conflict',
    ],
    [
      'different modes at one path',
      onPlain(() => writeTree(join(image, 'more'), { 'usr/a': file('a', { mode: 0o755 }) })),
      'path-conflict',
    ],
    ['a version that exists', plain, 'version-exists', '10'],
    ['a version below', plain, 'version-too-low', '5'],
  ])('%s: refused, and the repository is as it was', async (_, prepare, code, version) => {
    rmSync(image, { recursive: true, force: true });
    await prepare();
    const before = snapshotTree(scene.repository.path);
    expect(await build(version)).toEqual({ code, exit: 1 });
    expect(snapshotTree(scene.repository.path)).toEqual(before);
    rmSync(image, { recursive: true, force: true });
  });

  test('and the next good build works', async () => {
    plain();
    const { exit } = await runServer([
      ...[
        'build',
        scene.repository.path,
        '--image',
        image,
        '--version',
        '30',
        '--keys',
        scene.repository.keys,
      ],
    ]);
    expect(exit).toBe(0);
    expect(readdirSync(join(scene.repository.path, 'releases')).sort()).toEqual(['10', '30']);
  });
});
