import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

/** Support for tests of the command line: real processes against a small repository of the real generator. */

const WORKSPACE = fileURLToPath(new URL('../../../', import.meta.url));
const SWUPD = join(WORKSPACE, 'client/bin/swupd.js');
const SERVER = join(WORKSPACE, 'server/bin/swupd-server.js');

export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts `swupd`; `cwd` is the folder that relative paths mean. */
export function start(cwd: string, ...args: readonly string[]): ChildProcess {
  return spawn(process.execPath, [SWUPD, ...args], { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
}

export async function ended(child: ChildProcess): Promise<Ended> {
  const [stdout, stderr, [exit]] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    once(child, 'exit'),
  ]);
  return { exit: exit as number | null, stdout, stderr };
}

/** The objects that `-j` has printed; throws where a line is none. */
export function jsonLines({ stdout }: Ended): Record<string, unknown>[] {
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** The structured result among them. */
export function jsonResult(result: Ended): Record<string, unknown> | undefined {
  return jsonLines(result).find(({ type }) => type === 'result');
}

const BUNDLES_TOML = `
[bundles.editors]
description = "Text editors"
includes = ["libs"]
also-add = ["games"]
[classes]
config = ["/etc/**"]
`;

/** Content that does not compress: 3/4 of `size` has to be downloaded. */
function noise(seed: number, size: number): string {
  let state = seed;
  const bytes = Buffer.alloc((size * 3) / 4);
  for (let i = 0; i < bytes.length; i++) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    bytes[i] = state >>> 16;
  }
  return bytes.toString('base64');
}

const IMAGE: Readonly<Record<string, string>> = {
  'bundles.toml': BUNDLES_TOML,
  'os-core/usr/bin/core': noise(1, 60_000),
  'os-core/usr/share/doc': 'first\n',
  'os-core/etc/os.conf': 'name=os\n',
  'editors/usr/bin/vi': noise(2, 40_000),
  'libs/usr/lib/lib.so': noise(3, 20_000),
  'games/usr/share/games': 'play\n',
};

const CHANGES: Readonly<Record<string, string>> = {
  'os-core/usr/share/doc': 'second\n',
  'os-core/usr/bin/new': noise(4, 200_000),
};

/** A repository with the builds 10 and 20, and a root with build 10 of os-core, editors, games and libs. */
export interface TestSystem {
  readonly folder: string;
  readonly repository: string;
  /** Where the trust anchor is. */
  readonly anchor: string;
  /** A copy of the root with build 10, which no other test sees. */
  root(): Promise<string>;
  emptyFolder(name: string): Promise<string>;
  /** Runs `swupd` to its end, in the folder of the system. */
  swupd(...args: readonly string[]): Promise<Ended>;
  /** Builds one more version, with further options of `swupd-server build`. */
  publish(version: number, ...options: readonly string[]): Promise<void>;
  /** Serves the repository by `swupd-server serve`. */
  serve(): Promise<{ readonly url: string } & AsyncDisposable>;
  remove(): Promise<void>;
}

export async function makeTestSystem(): Promise<TestSystem> {
  const folder = await mkdtemp(join(tmpdir(), 'swupd-cli-'));
  const repository = join(folder, 'repo');
  const anchor = join(repository, 'metadata/1.root.json');
  const swupd = (...args: readonly string[]): Promise<Ended> => ended(start(folder, ...args));
  const pristine = join(folder, 'pristine');
  await mkdir(pristine);
  await server('init', repository);
  await build(folder, { version: 10, files: IMAGE });
  const installed = await swupd('os-install', pristine, '-u', repository, '-C', anchor, '-B', 'editors');
  if (installed.exit !== 0) throw new Error(installed.stderr);
  await build(folder, { version: 20, files: { ...IMAGE, ...CHANGES } });
  let roots = 0;
  return {
    folder,
    repository,
    anchor,
    swupd,
    async root() {
      const root = join(folder, `root-${++roots}`);
      await cp(pristine, root, { recursive: true, preserveTimestamps: true, verbatimSymlinks: true });
      return root;
    },
    async emptyFolder(name) {
      await mkdir(join(folder, name));
      return join(folder, name);
    },
    publish: (version, ...options) =>
      build(folder, { version, files: { ...IMAGE, 'os-core/usr/share/doc': `${version}\n` }, options }),
    serve: () => serve(repository),
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Another repository with other keys; gives its trust anchor. */
export async function makeForeignAnchor(folder: string): Promise<string> {
  await server('init', join(folder, 'foreign'));
  return join(folder, 'foreign/metadata/1.root.json');
}

async function server(...args: readonly string[]): Promise<void> {
  await promisify(execFile)(process.execPath, [SERVER, ...args]);
}

interface TestBuild {
  readonly version: number;
  readonly files: Readonly<Record<string, string>>;
  readonly options?: readonly string[];
}

async function build(folder: string, { version, files, options = [] }: TestBuild): Promise<void> {
  const image = join(folder, `image-${version}`);
  for (const [path, content] of Object.entries(files)) {
    await mkdir(join(image, path, '..'), { recursive: true });
    await writeFile(join(image, path), content);
  }
  await server(
    'build',
    join(folder, 'repo'),
    '--image',
    image,
    '--version',
    String(version),
    '--jobs',
    '1',
    ...options,
  );
}

async function serve(repository: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const child = spawn(process.execPath, [SERVER, 'serve', repository, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const url = line.toString().trim().split(' at ')[1] ?? '';
  return {
    url,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
