import { closeSync, constants, fchmodSync, lstatSync, openSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { SwupdError } from '@swupd/shared';
import { REAL_DISK } from '../../../client/src/disk/index.ts';
import { compareTrees, snapshotTree } from '../../support/snapshot-tree.ts';
import { tempFolder } from '../../support/temp-folder.ts';
import { TestDevice } from '../../support/test-device.ts';
import { TestRepository } from '../../support/test-repository.ts';
import { file, symlink, type Tree } from '../../support/tree.ts';
import { writeTree } from '../../support/write-tree.ts';
import type { Broken, ProofRequest, ProofResult } from '../proof.ts';
import { startSwapper } from './swapper.ts';

const FAST = '/dev/shm';
const SWAPPED = [
  'usr/lib',
  'usr/lib/deep',
  'usr/share',
  'usr/more',
  'usr/modes/0',
  'usr/modes/1',
  'usr/modes/2',
];
/** Files whose modes get damaged; their directory is never swapped, so that the damage stays in the root. */
const MODES = 6;

/**
 * Install, update, repair, remove and add, over and over, while another process swaps directories and files of the root for links to what
 * looks just like them outside. Commands may fail, with a code; outside nothing changes, not even a time stamp; and when the
 * other process has ended, a repair makes everything good.
 */
export async function proveRace({ count, seed, progress }: ProofRequest): Promise<ProofResult> {
  using folder = tempFolder(FAST);
  const repository = new TestRepository(folder.path);
  await repository.build(10, { bundles: { 'os-core': treeOf('ten', 12), more: moreOf('ten') } });
  await repository.build(20, { bundles: { 'os-core': treeOf('twenty', 20), more: moreOf('twenty') } });
  const outside = join(folder.path, 'outside');
  writeTree(outside, {
    ...treeOf('ten', 20, 0o604),
    ...moreOf('ten'),
    'usr/lib/deep/precious': file('precious'),
  });
  const before = facts(outside);
  // Power cuts are not the matter here.
  const disk = { ...REAL_DISK, syncFileSystem: () => {} };
  const device = new TestDevice(join(folder.path, 'device'), repository, { ports: { disk } });
  await device.install({ version: 10, bundles: ['more'] });
  const broken: Broken[] = [];
  const again = `pnpm prove race --seed ${seed} --count ${count}`;
  const swapper = await startSwapper(device.root, outside, SWAPPED);
  const figures = { done: 0, refused: 0, swaps: 0 };
  const commands = cycle(device);
  for (let tried = 0; tried < count; tried++) {
    const [name, run] = commands[(seed + tried) % commands.length] ?? ['nothing', async () => {}];
    const error = await run().then(
      () => undefined,
      (cause: unknown) => cause,
    );
    figures[error === undefined ? 'done' : 'refused']++;
    if (error !== undefined && !isCoded(error))
      broken.push({ what: `${name} fails without a code: ${stackOf(error)}`, again });
    const changes = differences(before, facts(outside));
    if (changes.length > 0) {
      broken.push({ what: `${name} changes outside: ${changes.slice(0, 5).join('; ')}`, again });
      break;
    }
    progress(tried + 1, broken.length);
  }
  figures.swaps = await swapper.stop();
  broken.push(...(await settle(device, repository)).map((what) => ({ what, again })));
  const changes = differences(before, facts(outside));
  if (changes.length > 0)
    broken.push({ what: `in the end outside: ${changes.slice(0, 5).join('; ')}`, again });
  return { tried: count, broken, figures };
}

/** Small files in directories that are swapped, enough of them for a command to take its time. */
function treeOf(text: string, files: number, mode = 0o644): Tree {
  const all = Array.from({ length: files }, (_, i) => i).flatMap((i): [string, Tree[string]][] => [
    [`usr/lib/${i}`, file(`${text} ${i}`)],
    [`usr/lib/deep/${i}`, file(`${text} deep ${i}`, { mode: text === 'ten' ? 0o644 : 0o600 })],
    [`usr/share/${text}/${i}`, file(`${text} ${i}`, { uid: i })],
  ]);
  const modes = Array.from({ length: MODES }, (_, i): [string, Tree[string]] => [
    `usr/modes/${i}`,
    file('mode', { mode }),
  ]);
  return { ...Object.fromEntries([...all, ...modes]), 'usr/lib/link': symlink(text) };
}

function moreOf(text: string): Tree {
  return { 'usr/more/m': file(text), 'usr/lib/deep/more': file(`${text} more`) };
}

function cycle(device: TestDevice): (readonly [string, () => Promise<unknown>])[] {
  return [
    ['update', () => device.update()],
    [
      'repair',
      () => {
        damage(device.root);
        return device.repair();
      },
    ],
    ['remove', () => device.remove(['more'])],
    ['add', () => device.add(['more'])],
    ['picky repair', () => device.repair({ picky: true })],
    ['install', () => device.install({ version: 10, force: true, bundles: ['more'] })],
  ];
}

function damage(root: string): void {
  for (let i = 0; i < MODES; i++) {
    try {
      const fd = openSync(join(root, `usr/modes/${i}`), constants.O_RDONLY | constants.O_NOFOLLOW);
      fchmodSync(fd, 0o700);
      closeSync(fd);
    } catch {
      // The other process has it.
    }
  }
}

/** What a repair does not make good when nobody swaps any more. */
async function settle(device: TestDevice, repository: TestRepository): Promise<string[]> {
  await device.install({ force: true, bundles: ['more'] });
  await device.repair({ picky: true });
  const { findings } = await device.diagnose({ picky: true });
  const lines = compareTrees(repository.expected(20, ['os-core', 'more']), device.snapshot());
  return [...findings.map(({ path, problem }) => `in the end ${path} is ${problem}`), ...lines];
}

type Facts = ReadonlyMap<string, string>;

/** Everything that any change leaves a trace in. */
function facts(top: string): Facts {
  const tree = snapshotTree(top);
  const names = ['', ...readdirSync(top, { recursive: true, encoding: 'utf8' })] as string[];
  return new Map(
    names.map((name) => {
      const { ctimeNs, ino } = lstatSync(join(top, name), { bigint: true });
      return [name, `${JSON.stringify(tree.get(name))} ${ctimeNs} ${ino}`];
    }),
  );
}

function differences(before: Facts, after: Facts): string[] {
  const names = new Set([...before.keys(), ...after.keys()]);
  return [...names].filter((name) => before.get(name) !== after.get(name)).map((name) => `outside/${name}`);
}

function isCoded(error: unknown): boolean {
  return error instanceof SwupdError;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
