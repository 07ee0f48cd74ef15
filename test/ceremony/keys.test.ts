// docs/keys.md, carried out literally: block by block, with the real programs, and devices that look at each result.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WORKSPACE } from '../architecture/import-graph.ts';
import { type TempFolder, tempFolder } from '../support/temp-folder.ts';

const BIN = join(WORKSPACE, 'node_modules/.bin');
const PAGE = readFileSync(join(WORKSPACE, 'docs/keys.md'), 'utf8');

interface Section {
  readonly title: string;
  readonly blocks: readonly string[];
}

/** The shell blocks of the page below each of its headings. */
const SECTIONS: readonly Section[] = PAGE.split(/^(?=##+ )/m)
  .map((text) => ({
    title: text.split('\n', 1)[0]?.replace(/^#+ /, '') ?? '',
    blocks: [...text.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map(([, block = '']) => block),
  }))
  .filter(({ blocks }) => blocks.length > 0);

let folder: TempFolder;
let devices = 0;
/** The section that failed: those behind it would fail for it. */
let broken: string | undefined;

beforeAll(() => {
  folder = tempFolder();
});

afterAll(() => folder[Symbol.dispose]());

/** Runs a block as a reader does, in the folder of the rehearsal; gives what it prints. */
function run(block: string) {
  const { PATH = '' } = process.env;
  const env = { PATH: `${BIN}${delimiter}${PATH}`, HOME: folder.path };
  const { status, stdout, stderr } = spawnSync('sh', ['-e'], {
    cwd: folder.path,
    env,
    input: block,
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
}

const at = (path: string): string => join(folder.path, path);

/** What `stable` offers newest; undefined while there is no repository, or no offer. */
function newest(): number | undefined {
  if (!existsSync(at('ci/os'))) return undefined;
  const { channels } = JSON.parse(run('swupd-server channel list ci/os --json').stdout);
  return channels.find(({ name }: { name: string }) => name === 'stable').offers[0]?.version;
}

describe('the ceremony', () => {
  test('was found', () => {
    expect(SECTIONS.length).toBeGreaterThan(12);
    expect(SECTIONS.flatMap(({ blocks }) => blocks).length).toBeGreaterThan(20);
  });

  test.each(SECTIONS)('$title', ({ title, blocks }) => {
    expect(broken).toBeUndefined();
    broken = title;
    for (const block of blocks) {
      const { status, stdout, stderr } = run(block);
      expect(status, `${block}\n${stdout}\n${stderr}`).toBe(0);
    }
    const version = newest();
    if (version !== undefined) {
      expect(readFileSync(at(`${update('device')}/usr/bin/hello`), 'utf8')).toBe(`build ${version}\n`);
      expect(readFileSync(at(`${install()}/usr/bin/hello`), 'utf8')).toBe(`build ${version}\n`);
    }
    broken = undefined;
  });

  test('ends with nothing that waits, and a repository without a fault', () => {
    expect(run('swupd-server release status ci/os').stdout).toBe('nothing waits for signatures\n');
    const inspected = run('swupd-server inspect ci/os --json');
    expect(inspected.status, inspected.stdout).toBe(0);
  });

  test('leaves secrets where they were made', () => {
    const secrets = (readdirSync(folder.path, { recursive: true, encoding: 'utf8' }) as string[])
      .filter((path) => path.endsWith('.key') || path.endsWith('.pem'))
      .filter((path) => !/^(?:alice|bob|carol|dave|ci\/keys)\//.test(path));
    expect(secrets).toEqual([]);
  });

  test.each([
    'carol/root-3.pub',
    'carol/release-3.pub',
    'bob/root-2.pub',
    'bob/release-2.pub',
    'ci/keys/retired/build.pub',
    'ci/keys/retired/timestamp.pub',
    'ci/keys/retired/snapshot.pub',
  ])('%s opens nothing any more', (path) => {
    const { stdout, status } = run(`swupd-server keys revoke ci/os ${path} --keys ci/keys --json`);
    expect(JSON.parse(stdout)).toMatchObject({ type: 'error', code: 'unknown-key' });
    expect(status).toBe(1);
  });
});

/** A device that has been there since the first offer goes to the newest. */
function update(root: string): string {
  const { status, stdout, stderr } = run(`swupd update -p ${root}`);
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  return root;
}

/** A new device that has the first trust anchor only. */
function install(): string {
  const root = `new-device-${++devices}`;
  mkdirSync(at(root));
  const { status, stdout, stderr } = run(
    `swupd os-install ${root} -u ./ci/os -C alice/1.root.json && swupd verify -p ${root}`,
  );
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  return root;
}
