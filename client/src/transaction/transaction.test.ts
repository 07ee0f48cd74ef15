import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ByteString } from '@swupd/shared';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import type { Notice } from '../plan/plan.ts';
import { readInstalledRecord } from '../state/installed-record.ts';
import {
  codeOf,
  describeTree,
  dir,
  file,
  hardLink,
  MEMORY,
  OWN_UID,
  openHandles,
  plant,
  readTree,
  symlink,
  type Tree,
  treeFrom,
  uproot,
} from '../test-support.ts';
import { inPlaceApplier } from './apply/in-place-applier.ts';
import { KeptContent } from './apply/kept-content.ts';
import { finishInterrupted } from './finish-interrupted.ts';
import { hasJournal } from './journal/journal.ts';
import { prepareJournal } from './journal/prepare-journal.ts';
import { Areas, STAGING } from './staging/areas.ts';
import { stageContent } from './staging/stage-content.ts';
import { cuttingDisk } from './test-cuts.ts';
import {
  type Bases,
  type Change,
  carryOut,
  fillCache,
  planFor,
  RECORD,
  type TestSystem,
  TO_RECORD,
  testSystem,
} from './test-system.ts';
import { runTransaction } from './transaction.ts';

/** The real disk, but that syncs take no time. */
const QUICK = cuttingDisk().disk;

const systems: TestSystem[] = [];
afterEach(() => {
  for (const system of systems.splice(0)) system[Symbol.dispose]();
});
function systemWith(disk: Tree, bases?: Bases): TestSystem {
  const system = testSystem(disk, bases);
  systems.push(system);
  return system;
}

const A = file('a');
const B = file('b');
const C = file('mine');
const D = dir();
const show = (notices: readonly Notice[]): string[] => notices.map(({ path, reason }) => `${path} ${reason}`);

interface Row extends Change {
  readonly name: string;
  readonly disk: Tree;
  readonly after?: Tree;
  readonly notices?: string[];
}

const OTHER_UID = OWN_UID === 0 ? 1234 : OWN_UID;
const XATTRS = [{ name: 'user.kind' as ByteString, value: 'x' as ByteString }];
const RICH: Tree = {
  d: dir({ mode: 0o1777, uid: OTHER_UID }),
  'd/suid': file('suid', { mode: 0o6755, uid: OTHER_UID, xattrs: XATTRS }),
  'd/e': dir({ mode: 0o700, xattrs: XATTRS }),
  'd/e/same': B,
  'd/e/twin': hardLink('d/e/same'),
  'd/l': symlink('\xff to nowhere', { uid: OTHER_UID }),
  empty: file('', { mode: 0 }),
  large: file('x'.repeat(2_500_000)),
  other: A,
  'odd \t\n\xfe': A,
};

const rows: Row[] = [
  { name: 'everything that a build can have', installed: {}, disk: {}, target: RICH },
  { name: 'everything goes', installed: RICH, disk: RICH, target: {} },
  { name: 'content', installed: { a: A }, disk: { a: A }, target: { a: B } },
  {
    name: 'metadata',
    installed: { a: A, d: D },
    disk: { a: A, d: D },
    target: { a: file('a', { mode: 0o4711, xattrs: XATTRS }), d: dir({ mode: 0o2750 }) },
  },
  {
    name: 'metadata that goes',
    installed: { a: file('a', { mode: 0o4711, xattrs: XATTRS }) },
    disk: { a: file('a', { mode: 0o4711, xattrs: XATTRS }) },
    target: { a: A },
  },
  {
    name: 'a directory becomes a file',
    installed: { d: D, 'd/x': A, 'd/e': D, 'd/e/y': A },
    disk: { d: D, 'd/x': A, 'd/e': D, 'd/e/y': A },
    target: { d: B },
  },
  {
    name: 'a directory becomes a link to another, where its files are now',
    installed: { lib64: D, 'lib64/x': A },
    disk: { lib64: D, 'lib64/x': A },
    target: { lib: D, 'lib/x': A, lib64: symlink('lib') },
  },
  {
    name: 'a link becomes a directory',
    installed: { lib: D, 'lib/x': A, lib64: symlink('lib') },
    disk: { lib: D, 'lib/x': A, lib64: symlink('lib') },
    target: { lib: D, 'lib/x': A, lib64: D, 'lib64/x': B },
  },
  {
    name: 'a file becomes a directory',
    installed: { p: A },
    disk: { p: A },
    target: { p: D, 'p/q': D, 'p/q/r': A },
  },
  {
    name: 'two paths change their places',
    installed: { a: D, 'a/x': A, b: B },
    disk: { a: D, 'a/x': A, b: B },
    target: { a: B, b: D, 'b/x': A },
  },
  {
    name: 'a directory of ours with something that is not ours becomes a file',
    installed: { d: D, 'd/x': A, 'd/e': D },
    disk: { d: D, 'd/x': A, 'd/e': D, 'd/e/mine': C },
    target: { d: B },
    after: { d: B, 'd.kept-1': D, 'd.kept-1/e': D, 'd.kept-1/e/mine': C },
    notices: ['d kept-aside'],
  },
  {
    name: 'a directory of ours with nothing but strange directories in it becomes a file',
    installed: { d: D },
    disk: { d: D, 'd/a': D, 'd/a/b': D },
    target: { d: B },
  },
  {
    name: 'an edited config file in a directory that becomes a file',
    installed: { d: D, 'd/conf': file('a', { pathClass: 'config' }) },
    disk: { d: D, 'd/conf': C },
    target: { d: B },
    after: { d: B, 'd.kept-1': D, 'd.kept-1/conf': C },
    notices: ['d/conf config-kept', 'd kept-aside'],
  },
  {
    name: 'a directory goes that holds something that is not ours',
    installed: { d: D, 'd/x': A },
    disk: { d: D, 'd/x': A, 'd/mine': C },
    target: {},
    after: { d: D, 'd/mine': C },
    notices: ['d directory-not-empty'],
  },
  {
    name: 'foreign things are in the way',
    installed: {},
    disk: { f: C, d: D, 'd/mine': C, l: symlink('mine'), 'f.kept-1': A, 'f.kept-2': A },
    target: { f: A, d: B, l: D, 'l/x': A },
    after: {
      f: A,
      'f.kept-1': A,
      'f.kept-2': A,
      'f.kept-3': C,
      d: B,
      'd.kept-1': D,
      'd.kept-1/mine': C,
      l: D,
      'l/x': A,
      'l.kept-1': symlink('mine'),
    },
    notices: ['d kept-aside', 'f kept-aside', 'l kept-aside'],
  },
  {
    name: 'a directory of ours has been moved behind a link out of the root',
    installed: { usr: D, 'usr/x': A },
    disk: { usr: symlink('/tmp'), elsewhere: D },
    target: { usr: D, 'usr/x': B },
    after: { usr: D, 'usr/x': B, 'usr.kept-1': symlink('/tmp'), elsewhere: D },
    notices: ['usr kept-aside'],
  },
  {
    name: 'a hard-link group gets another content',
    installed: { a: A, b: hardLink('a'), c: hardLink('a') },
    disk: { a: A, b: hardLink('a'), c: hardLink('a') },
    target: { a: B, b: hardLink('a'), c: hardLink('a') },
  },
  {
    name: 'a hard-link group is dissolved, with other metadata',
    installed: { a: A, b: hardLink('a') },
    disk: { a: A, b: hardLink('a') },
    target: { a: file('a', { mode: 0o600 }), b: A },
  },
  {
    name: 'a hard-link group is joined',
    installed: { a: A, b: A },
    disk: { a: A, b: A },
    target: { a: A, b: hardLink('a') },
  },
  {
    name: 'a hard-link group loses its first member',
    installed: { a: A, b: hardLink('a'), c: hardLink('a') },
    disk: { a: A, b: hardLink('a'), c: hardLink('a') },
    target: { b: A, c: hardLink('b') },
  },
  {
    name: 'a hard-link group in a directory that goes aside',
    installed: { d: D, 'd/a': A, z: hardLink('d/a') },
    disk: { d: D, 'd/a': A, z: hardLink('d/a') },
    target: { d: B, z: A },
  },
  {
    name: 'the first member is a boot file',
    installed: {
      boot: D,
      'boot/k': file('old', { pathClass: 'boot' }),
      'lib-k': hardLink('boot/k', { pathClass: 'managed' }),
    },
    disk: { boot: D, 'boot/k': file('old'), 'lib-k': hardLink('boot/k') },
    target: {
      boot: D,
      'boot/k': file('new', { pathClass: 'boot' }),
      'lib-k': hardLink('boot/k', { pathClass: 'managed' }),
    },
  },
  {
    name: 'repair',
    installed: RICH,
    target: RICH,
    purpose: 'repair',
    disk: { d: A, empty: file('x'), other: B, 'odd \t\n\xfe': D },
    after: { ...RICH, 'd.kept-1': A, 'odd \t\n\xfe.kept-1': D },
    notices: ['d kept-aside', 'odd \t\n\xfe kept-aside'],
  },
];

describe.each([
  ['the state directory on the file system of the root', {}],
  ['the state directory on another file system', { state: MEMORY }],
])('%s', (_, bases) => {
  test.each(rows)('$name', async ({ disk, target, after = target, notices = [], ...change }) => {
    const system = systemWith(disk, bases);
    const handles = openHandles();
    const device = system.open(QUICK);
    const said = await carryOut(device, { ...change, target });
    expect(readTree(system.root)).toEqual(describeTree(after));
    expect(show(said).sort()).toEqual([...notices].sort());
    expect(readInstalledRecord(device.state.top)).toEqual(RECORD);
    expect([
      device.cache.list(),
      existsSync(join(system.state, 'staging')),
      hasJournal(device.state.top),
    ]).toEqual([[], false, false]);
    const again = await planFor(device, { installed: target, target, purpose: change.purpose ?? 'update' });
    expect([again.steps, again.removals]).toEqual([[], []]);
    await device.close();
    expect(openHandles()).toBe(handles);
  });
});

test('it is no other with a disk that really syncs', async () => {
  const system = systemWith({ a: B, d: A });
  await using device = system.open();
  await carryOut(device, { target: { ...RICH, a: A } });
  expect(readTree(system.root)).toEqual(describeTree({ ...RICH, a: A, 'a.kept-1': B, 'd.kept-1': A }));
});

test('another file system is really another one', () => {
  const system = systemWith({}, { state: MEMORY });
  mkdirSync(system.state);
  expect(statSync(system.state).dev).not.toBe(statSync(system.root).dev);
});

describe('each step may be done again', () => {
  test.each(rows)('$name', async ({ disk, target, after = target, ...change }) => {
    const system = systemWith(disk);
    await using device = system.open(QUICK);
    const plan = await planFor(device, { ...change, target });
    fillCache(device, plan, target);
    const areas = new Areas(device.root, device.state.top, STAGING);
    const { cache, ports } = device;
    const { root, state } = device;
    const steps = stageContent({ root, steps: plan.steps, areas, cache, progress: ports.progress });
    expect(readTree(system.root)).toEqual(describeTree(disk));
    const applier = inPlaceApplier(device.root, areas);
    const transaction = { plan, ...TO_RECORD };
    const journal = prepareJournal({ transaction, steps, areas, state: state.top });
    const options = { kept: new KeptContent(root, state.top, []), sync: () => {} };
    applier.apply(journal, ports.progress);
    const once = readTree(system.root);
    applier.apply(journal, ports.progress);
    expect(readTree(system.root)).toEqual(once);
    applier.removeObsolete(journal, options);
    applier.apply(journal, ports.progress);
    applier.removeObsolete(journal, options);
    areas.close();
    options.kept.close();
    expect(readTree(system.root)).toEqual(describeTree(after));
  });
});

describe('what an earlier run has left in a staging area is no hindrance', () => {
  test.each([
    ['state', {}],
    ['root', { state: MEMORY }],
  ])('in the %s', async (home, bases) => {
    const system = systemWith({ mine: C }, bases);
    await using device = system.open(QUICK);
    const area = home === 'state' ? join(system.state, 'staging') : join(system.root, '.swupd-staging');
    plant(area.slice(0, area.lastIndexOf('/')), { [area.slice(area.lastIndexOf('/') + 1)]: D });
    plant(area, { 'new-0': D, 'new-0/x': A, 'new-1': A, 'new-2': symlink('x'), 'old-0': A });
    await carryOut(device, { target: { mine: C, d: D, f: B, l: symlink('y') } });
    expect(readTree(system.root)).toEqual(describeTree({ mine: C, d: D, f: B, l: symlink('y') }));
    expect(existsSync(area)).toBe(false);
  });
});

/** Somebody changes the root while content is being downloaded, or before an interrupted transaction is finished. */
describe('a root that has changed since it was looked at', () => {
  interface Meanwhile {
    readonly name: string;
    readonly change: Change & { readonly disk: Tree };
    readonly meanwhile: (root: string) => void;
    readonly after: Tree;
  }
  const situations: Meanwhile[] = [
    {
      name: 'a file whose mode should change is gone',
      change: { installed: { a: A }, disk: { a: A }, target: { a: file('a', { mode: 0o600 }), b: B } },
      meanwhile: (root) => uproot(root, 'a'),
      after: { b: B },
    },
    {
      name: 'a file whose mode should change is a link out of the root',
      change: { installed: { a: A }, disk: { a: A }, target: { a: file('a', { mode: 0o600 }), b: B } },
      meanwhile: (root) => {
        uproot(root, 'a');
        plant(root, { a: symlink('../outside') });
      },
      after: { a: symlink('../outside'), b: B },
    },
    {
      name: 'a directory is gone',
      change: { installed: { d: D, 'd/a': A }, disk: { d: D, 'd/a': A }, target: { d: D, 'd/a': B, e: B } },
      meanwhile: (root) => uproot(root, 'd'),
      after: { e: B },
    },
    {
      name: 'a directory is a link out of the root',
      change: {
        installed: { d: D, 'd/victim': A },
        disk: { d: D, 'd/victim': A },
        target: { d: D, 'd/victim': B, e: B },
      },
      meanwhile: (root) => {
        uproot(root, 'd');
        plant(root, { d: symlink('../outside') });
      },
      after: { d: symlink('../outside'), e: B },
    },
    {
      name: 'a file is where nothing was',
      change: { disk: {}, target: { a: A } },
      meanwhile: (root) => plant(root, { a: C }),
      after: { a: A, 'a.kept-1': C },
    },
    {
      name: 'a directory is where nothing was',
      change: { disk: {}, target: { a: A } },
      meanwhile: (root) => plant(root, { a: D, 'a/x': C }),
      after: { a: A, 'a.kept-1': D, 'a.kept-1/x': C },
    },
    {
      name: 'a directory is where a file was',
      change: { installed: { a: A }, disk: { a: A }, target: { a: B } },
      meanwhile: (root) => {
        uproot(root, 'a');
        plant(root, { a: D, 'a/x': C });
      },
      after: { a: B, 'a.kept-1': D, 'a.kept-1/x': C },
    },
    {
      name: 'a file is where a directory was',
      change: { installed: { a: D }, disk: { a: D }, target: { a: B } },
      meanwhile: (root) => {
        uproot(root, 'a');
        plant(root, { a: C });
      },
      after: { a: B, 'a.kept-1': C },
    },
    {
      name: 'the first of a hard-link group is gone',
      change: { installed: { a: A }, disk: { a: A }, target: { a: A, b: hardLink('a'), c: B } },
      meanwhile: (root) => uproot(root, 'a'),
      after: { c: B },
    },
    {
      name: 'what should go is gone',
      change: { installed: { d: D, 'd/a': A }, disk: { d: D, 'd/a': A }, target: {} },
      meanwhile: (root) => uproot(root, 'd'),
      after: {},
    },
    {
      name: 'what should go is a directory now',
      change: { installed: { a: A }, disk: { a: A }, target: {} },
      meanwhile: (root) => {
        uproot(root, 'a');
        plant(root, { a: D, 'a/x': C });
      },
      after: { a: D, 'a/x': C },
    },
    {
      name: 'a directory with files that should go is a link out of the root',
      change: { installed: { d: D, 'd/victim': A }, disk: { d: D, 'd/victim': A }, target: {} },
      meanwhile: (root) => {
        uproot(root, 'd');
        plant(root, { d: symlink('../outside') });
      },
      after: { d: symlink('../outside') },
    },
  ];
  test.each(situations)('$name', async ({ change, meanwhile, after }) => {
    const system = systemWith(change.disk);
    plant(join(system.root, '..'), { outside: D, 'outside/victim': file('precious') });
    await using device = system.open(QUICK);
    const plan = await planFor(device, change);
    fillCache(device, plan, change.target);
    meanwhile(system.root);
    runTransaction(device, { plan, ...TO_RECORD });
    expect(readTree(system.root)).toEqual(describeTree(after));
    expect(readTree(join(system.root, '../outside'))).toEqual({ victim: 'file 644 precious' });
    expect([hasJournal(device.state.top), finishInterrupted(device)]).toEqual([false, 'nothing-to-do']);
  });
});

test('a directory of extra files with a FIFO in it can be removed', async () => {
  const system = systemWith({ d: D });
  execFileSync('mkfifo', [join(system.root, 'd/fifo')]);
  await using device = system.open(QUICK);
  const removals = [
    { path: 'd/fifo', type: 'other' },
    { path: 'd', type: 'directory' },
  ] as never;
  const { notices } = runTransaction(device, { plan: { steps: [], removals, notices: [] }, ...TO_RECORD });
  expect(notices).toEqual([]);
  expect(readdirSync(system.root)).toEqual([]);
});

test('content that is missing in the cache stops it before the first change', async () => {
  const system = systemWith({ a: A });
  await using device = system.open(QUICK);
  const plan = await planFor(device, { installed: { a: A }, target: { a: B, b: B } });
  expect(await codeOf(() => runTransaction(device, { plan, ...TO_RECORD }))).toBe('apply-failed');
  expect(readTree(system.root)).toEqual(describeTree({ a: A }));
  expect([hasJournal(device.state.top), readInstalledRecord(device.state.top)]).toEqual([false, undefined]);
  expect(finishInterrupted(device)).toBe('nothing-to-do');
  expect(existsSync(join(system.state, 'staging'))).toBe(false);
});

test('what is replaced stays whole for whoever has it open', async () => {
  const system = systemWith({ a: A });
  const before = lstatSync(join(system.root, 'a')).ino;
  renameSync(join(system.root, 'a'), join(system.root, 'b'));
  plant(system.root, { a: hardLink('b') });
  rmSync(join(system.root, 'b'));
  await using device = system.open(QUICK);
  await carryOut(device, { installed: { a: A }, target: { a: B } });
  expect(lstatSync(join(system.root, 'a')).ino).not.toBe(before);
});

test('whatever was there: what is not kept is as the build has it, and nothing is left to do', async () => {
  const tree = fc.array(fc.nat(32), { minLength: 8, maxLength: 8 }).map(treeFrom);
  await fc.assert(
    fc.asyncProperty(tree, tree, tree, async (installed, target, disk) => {
      const system = testSystem(disk);
      try {
        await using device = system.open(QUICK);
        await carryOut(device, { installed, target });
        const again = await planFor(device, { installed: target, target });
        expect([again.steps, again.removals]).toEqual([[], []]);
      } finally {
        system[Symbol.dispose]();
      }
    }),
    { numRuns: 40 },
  );
});
