import { mergeManifests, type PathClass } from '@swupd/manifests';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { matches } from '../inspect/observe.ts';
import {
  dir,
  file,
  hardLink,
  manifestOf,
  symlink,
  systemTree,
  type TestNode,
  type Tree,
  treeFrom,
} from '../test-support.ts';
import { neededBlobs } from './plan.ts';
import { type ChangeInput, planChanges } from './plan-changes.ts';
import { fullScope } from './scope.ts';
import { carryOut, type DiskTree, linesOf, observeModel } from './test-model.ts';

interface Situation {
  readonly installed: Tree;
  readonly target: Tree;
  readonly disk: DiskTree;
  readonly purpose?: ChangeInput['purpose'];
}

function inputOf({ installed, target, disk, purpose = 'update' }: Situation): ChangeInput {
  const trees = { installed: systemTree(installed), target: systemTree(target) };
  return { ...trees, observed: observeModel(disk, fullScope(trees.installed, trees.target)), purpose };
}

const plan = (situation: Situation): string[] => linesOf(planChanges(inputOf(situation)));

const A = file('a');
const B = file('b');
const C = file('c');
const D = dir();
const L = symlink('x');
const OTHER = { type: 'other' } as const;
const withClass = (pathClass: PathClass, node: TestNode): TestNode => ({ ...node, pathClass }) as TestNode;

/** One path `p`: what the installed build, the new build and the disk have there. */
type Row = readonly [
  string,
  TestNode | undefined,
  TestNode | undefined,
  DiskTree[string] | undefined,
  string[],
];
const only = (node: TestNode | undefined): Tree => (node === undefined ? {} : { p: node });

describe('a managed path in an update', () => {
  const rows: Row[] = [
    ['nothing to do', A, A, A, []],
    ['new', undefined, A, undefined, ['put-file p']],
    ['new, and there already', undefined, A, A, []],
    [
      'new, and there already with another mode',
      undefined,
      A,
      file('a', { mode: 0o600 }),
      ['set-metadata p'],
    ],
    ['new, and something else is there', undefined, A, C, ['put-file p over foreign', 'notice p kept-aside']],
    ['new, and a directory is there', undefined, A, D, ['put-file p over foreign', 'notice p kept-aside']],
    ['new, and a device is there', undefined, A, OTHER, ['put-file p over foreign', 'notice p kept-aside']],
    ['a new directory where one is', undefined, D, D, []],
    [
      'a new directory where a link is',
      undefined,
      D,
      L,
      ['make-directory p over foreign', 'notice p kept-aside'],
    ],
    ['another content', A, B, A, ['put-file p over replaceable']],
    ['another content, edited', A, B, C, ['put-file p over replaceable']],
    ['another content, there already', A, B, B, []],
    ['another content, missing', A, B, undefined, ['put-file p']],
    ['unchanged, edited', A, A, C, ['put-file p over replaceable']],
    ['another mode', A, file('a', { mode: 0o4755 }), A, ['set-metadata p']],
    ['another owner', A, file('a', { uid: 7 }), A, ['set-metadata p']],
    ['another link', L, symlink('y'), L, ['put-symlink p over replaceable']],
    ['file to directory', A, D, A, ['make-directory p over replaceable']],
    ['file to link', A, L, A, ['put-symlink p over replaceable']],
    ['link to directory', L, D, L, ['make-directory p over replaceable']],
    ['directory to file', D, A, D, ['put-file p over directory']],
    ['directory to link', D, L, D, ['put-symlink p over directory']],
    [
      'a directory that somebody has moved behind a link',
      D,
      D,
      L,
      ['make-directory p over foreign', 'notice p kept-aside'],
    ],
    [
      'a file in whose place somebody has put a link',
      A,
      B,
      L,
      ['put-file p over foreign', 'notice p kept-aside'],
    ],
    [
      'a file in whose place somebody has put a directory',
      A,
      A,
      D,
      ['put-file p over foreign', 'notice p kept-aside'],
    ],
    ['a file in whose place is a device', A, A, OTHER, ['put-file p over foreign', 'notice p kept-aside']],
    ['dropped', A, undefined, A, ['remove file p']],
    ['dropped, edited', A, undefined, C, ['remove file p']],
    ['dropped, missing', A, undefined, undefined, []],
    ['dropped, and something else is there', A, undefined, D, ['notice p not-removed']],
    ['dropped, and a device is there', A, undefined, OTHER, ['notice p not-removed']],
    ['a dropped directory', D, undefined, D, ['remove directory p']],
    ['a dropped link', L, undefined, symlink('elsewhere'), ['remove symlink p']],
    ['nobody knows it', undefined, undefined, C, []],
  ];
  test.each(rows)('%s', (_, installed, target, disk, expected) => {
    expect(
      plan({ installed: only(installed), target: only(target), disk: disk === undefined ? {} : { p: disk } }),
    ).toEqual(expected);
  });
});

describe('path classes', () => {
  const rows: [PathClass, 'update' | 'repair', ...Row][] = [
    ['config', 'update', 'untouched: follows the build', A, B, A, ['put-file p over replaceable']],
    ['config', 'update', 'edited: kept and said', A, B, C, ['notice p config-kept']],
    ['config', 'update', 'edited to what the build has now', A, B, B, []],
    ['config', 'update', 'edited, and the build has not changed', A, A, C, ['notice p config-kept']],
    ['config', 'update', 'removed: stays away', A, B, undefined, ['notice p config-kept']],
    ['config', 'update', 'replaced by a link: kept', A, B, L, ['notice p config-kept']],
    ['config', 'update', 'new, and there is one', undefined, A, C, ['notice p config-kept']],
    ['config', 'update', 'new, and there is none', undefined, A, undefined, ['put-file p']],
    ['config', 'update', 'another mode', A, file('a', { mode: 0o600 }), A, ['set-metadata p']],
    [
      'config',
      'update',
      'a new directory',
      undefined,
      D,
      C,
      ['make-directory p over foreign', 'notice p kept-aside'],
    ],
    ['config', 'update', 'dropped, untouched', A, undefined, A, ['remove file p']],
    ['config', 'update', 'dropped, edited', A, undefined, C, ['notice p config-kept']],
    ['config', 'repair', 'edited: kept and said', A, A, C, ['notice p config-kept']],
    ['config', 'repair', 'missing: put back', A, A, undefined, ['put-file p']],
    ['config', 'repair', 'another mode', A, A, file('a', { mode: 0o600 }), ['set-metadata p']],
    ['state', 'update', 'new: created', undefined, A, undefined, ['put-file p']],
    ['state', 'update', 'new, and there is something', undefined, A, C, []],
    ['state', 'update', 'changed by the build', A, B, A, []],
    ['state', 'update', 'removed on the device', A, B, undefined, []],
    ['state', 'update', 'another mode', A, file('a', { mode: 0o600 }), A, []],
    ['state', 'update', 'dropped', A, undefined, A, []],
    ['state', 'repair', 'missing', A, A, undefined, []],
    ['state', 'repair', 'changed', A, A, C, []],
    ['ghost', 'update', 'changed by the build', A, B, A, ['put-file p over replaceable']],
    ['ghost', 'update', 'dropped: left alone', A, undefined, A, []],
    ['ghost', 'repair', 'edited', A, A, C, ['put-file p over replaceable']],
    ['boot', 'update', 'changed by the build', A, B, A, ['put-file p over replaceable']],
    ['boot', 'update', 'dropped', A, undefined, A, ['remove file p']],
    ['managed', 'repair', 'edited', A, A, C, ['put-file p over replaceable']],
    ['managed', 'repair', 'missing', A, A, undefined, ['put-file p']],
    [
      'managed',
      'repair',
      'a directory in its place',
      A,
      A,
      D,
      ['put-file p over foreign', 'notice p kept-aside'],
    ],
  ];
  test.each(rows)('%s, %s: %s', (pathClass, purpose, _, before, after, seen, expected) => {
    const classed = (node: TestNode | undefined): Tree => only(node && withClass(pathClass, node));
    const disk = seen === undefined ? {} : { p: seen };
    expect(plan({ installed: classed(before), target: classed(after), disk, purpose })).toEqual(expected);
  });
});

describe('several paths', () => {
  const rows: [string, Situation, string[]][] = [
    [
      'parents come first, and go last',
      {
        installed: { old: D, 'old/a': A, 'old/b': A },
        target: { new: D, 'new/a': A, 'new/a.b': A },
        disk: { old: D, 'old/a': A, 'old/b': A },
      },
      [
        'make-directory new',
        'put-file new/a',
        'put-file new/a.b',
        'remove file old/b',
        'remove file old/a',
        'remove directory old',
      ],
    ],
    [
      'a name that sorts between a directory and what is in it',
      { installed: {}, target: { 'a-b': A, a: D, 'a/x': A, 'a.': A }, disk: {} },
      ['make-directory a', 'put-file a-b', 'put-file a.', 'put-file a/x'],
    ],
    [
      'a directory becomes a file: what was in it goes with it',
      {
        installed: { d: D, 'd/x': A, 'd/e': D, 'd/e/y': A },
        target: { d: B },
        disk: { d: D, 'd/x': A, 'd/e': D, 'd/e/y': C },
      },
      ['put-file d over directory', 'remove file d/x', 'remove file d/e/y', 'remove directory d/e'],
    ],
    [
      'a link to a directory takes the place of a directory: all that should be below is unreachable',
      { installed: { d: D, 'd/x': A }, target: { d: D, 'd/x': A }, disk: { d: symlink('/etc') } },
      ['make-directory d over foreign', 'put-file d/x', 'notice d kept-aside'],
    ],
    [
      'files of class boot come last, in order; their directories do not',
      {
        installed: {},
        target: {
          boot: withClass('boot', D),
          'boot/a': withClass('boot', A),
          'boot/b': withClass('boot', B),
          usr: D,
          'usr/a': A,
        },
        disk: {},
      },
      ['make-directory boot', 'make-directory usr', 'put-file usr/a', 'put-file boot/a', 'put-file boot/b'],
    ],
    [
      'a state directory that somebody has moved behind a link is left alone, with all that is new below',
      {
        installed: { s: withClass('state', D) },
        target: {
          s: withClass('state', D),
          's/d': withClass('state', D),
          's/d/f': withClass('state', A),
          t: A,
        },
        disk: { s: symlink('/data/s'), t: A },
      },
      [],
    ],
    [
      'a state directory that somebody has removed is left alone, with all that is new below',
      {
        installed: { s: withClass('state', D) },
        target: { s: withClass('state', D), 's/f': withClass('state', A) },
        disk: {},
      },
      [],
    ],
  ];
  test.each(rows)('%s', (_, situation, expected) => expect(plan(situation)).toEqual(expected));
});

describe('hard links', () => {
  const group: Tree = { a: A, b: hardLink('a'), c: hardLink('a') };
  const rows: [string, Situation, string[]][] = [
    ['right', { installed: group, target: group, disk: group }, []],
    ['new', { installed: {}, target: group, disk: {} }, ['put-file a', 'put-link b', 'put-link c']],
    [
      'another content',
      { installed: group, target: { ...group, a: B }, disk: group },
      ['put-file a over replaceable', 'put-link b over replaceable', 'put-link c over replaceable'],
    ],
    [
      'another mode',
      { installed: group, target: { ...group, a: file('a', { mode: 0o755 }) }, disk: group },
      ['set-metadata a', 'set-metadata b', 'set-metadata c'],
    ],
    [
      'one is a file of its own',
      { installed: group, target: group, disk: { ...group, b: A } },
      ['put-link b over replaceable'],
    ],
    ['one is missing', { installed: group, target: group, disk: { a: A, b: hardLink('a') } }, ['put-link c']],
    [
      'the first is missing',
      { installed: group, target: group, disk: { b: A, c: hardLink('b') } },
      ['put-file a', 'put-link b over replaceable', 'put-link c over replaceable'],
    ],
    ['one more', { installed: { a: A }, target: { a: A, b: hardLink('a') }, disk: { a: A } }, ['put-link b']],
    ['one less', { installed: group, target: { a: A, b: hardLink('a') }, disk: group }, ['remove file c']],
    [
      'another first',
      { installed: group, target: { b: A, c: hardLink('b') }, disk: group },
      ['remove file a'],
    ],
    [
      'dissolved',
      { installed: group, target: { a: A, b: A, c: hardLink('a') }, disk: group },
      ['put-file b over replaceable'],
    ],
    [
      'dissolved, with another mode',
      { installed: group, target: { a: file('a', { mode: 0o600 }), b: A }, disk: group },
      ['set-metadata a', 'put-file b over replaceable', 'remove file c'],
    ],
    [
      'joined',
      { installed: { a: A, b: A }, target: { a: A, b: hardLink('a') }, disk: { a: A, b: A } },
      ['put-link b over replaceable'],
    ],
    [
      'the first is a config file that was edited: the others are files of their own',
      {
        installed: {},
        target: { a: withClass('config', A), b: hardLink('a', { pathClass: 'managed' }) },
        disk: { a: C },
      },
      ['put-file b', 'notice a config-kept'],
    ],
    [
      'the first is state that was changed',
      {
        installed: { a: withClass('state', A), b: hardLink('a', { pathClass: 'managed' }) },
        target: { a: withClass('state', A), b: hardLink('a', { pathClass: 'managed' }) },
        disk: { a: C, b: C },
        purpose: 'repair',
      },
      ['put-file b over replaceable'],
    ],
    [
      'the first is of class boot: the others wait for it',
      {
        installed: {},
        target: { a: withClass('boot', A), b: hardLink('a', { pathClass: 'managed' }), z: B },
        disk: {},
      },
      ['put-file z', 'put-file a', 'put-link b'],
    ],
    [
      'another is of class boot',
      { installed: {}, target: { a: A, b: hardLink('a', { pathClass: 'boot' }), z: B }, disk: {} },
      ['put-file a', 'put-file z', 'put-link b'],
    ],
  ];
  test.each(rows)('%s', (_, situation, expected) => expect(plan(situation)).toEqual(expected));

  test('a group whose first member is in no installed bundle is a file of its own', () => {
    const { entries } = manifestOf(group);
    const target = mergeManifests([
      { bundle: 'some', version: 1, entries: entries.filter(({ path }) => path === 'b') },
    ]);
    const result = planChanges({
      installed: new Map(),
      target,
      observed: observeModel({}, ['b']),
      purpose: 'update',
    });
    expect(linesOf(result)).toEqual(['put-file b']);
  });
});

test('the needed blobs are those of the files that are put, each once', () => {
  const target = { a: A, b: A, c: B, d: hardLink('c'), e: C };
  const result = planChanges(inputOf({ installed: {}, target, disk: { e: C } }));
  expect(neededBlobs(result).map(({ size }) => size)).toEqual([1, 1]);
});

/** What must hold of every plan. */
function checkPlan(situation: Situation): void {
  const input = inputOf(situation);
  const result = planChanges(input);
  expect(planChanges({ ...input, observed: new Map([...input.observed].reverse()) })).toEqual(result);

  const paths = [...result.steps.map(({ entry }) => entry.path), ...result.removals.map(({ path }) => path)];
  expect(new Set(paths).size).toBe(paths.length);
  for (const step of result.steps) checkStep(input, step);
  for (const { path, type } of result.removals) {
    const entry = input.installed.get(path);
    expect([entry?.type, entry?.pathClass === 'state' || entry?.pathClass === 'ghost']).toEqual([
      type,
      false,
    ]);
  }

  const left = carryOut(situation.disk, result, situation.target);
  const again = inputOf({ ...situation, installed: situation.target, disk: left });
  expect({ ...planChanges(again), notices: [] }).toEqual({ steps: [], removals: [], notices: [] });
  const excused = new Set<string>(
    result.notices.filter(({ reason }) => reason === 'config-kept').map(({ path }) => path),
  );
  for (const [path, entry] of again.target) {
    const seen = again.observed.get(path);
    if (entry.pathClass === 'state' || excused.has(path) || seen === undefined || seen.type === 'unreachable')
      continue;
    expect([path, matches(entry, seen)]).toEqual([path, true]);
  }
}

function checkStep(input: ChangeInput, step: ReturnType<typeof planChanges>['steps'][number]): void {
  const { path, pathClass } = step.entry;
  const seen = input.observed.get(path);
  const before = input.installed.get(path);
  const isThere = seen !== undefined && seen.type !== 'missing' && seen.type !== 'unreachable';
  if (pathClass === 'state') expect([isThere, before]).toEqual([false, undefined]);
  if (step.action === 'set-metadata' || !isThere) return;
  const isOurs = before !== undefined && before.type === seen.type;
  const isWanted = step.entry.type === seen.type && before !== undefined;
  const isSame = seen.type === 'file' && step.entry.type === 'file' && seen.digest === step.entry.digest;
  expect([path, step.obstacle !== 'foreign']).toEqual([path, isOurs || isWanted || isSame]);
}

describe('whatever the situation', () => {
  const contents: (TestNode | undefined)[] = [
    undefined,
    A,
    B,
    file('a', { mode: 0o600 }),
    D,
    dir({ mode: 0o700 }),
    L,
  ];
  const seen: (DiskTree[string] | undefined)[] = [...contents, C, symlink('y'), OTHER];
  const parents: DiskTree[string][] = [D, L, A, OTHER];
  const classes: PathClass[] = ['managed', 'config', 'state', 'ghost', 'boot'];

  test.each(classes.flatMap((c) => [[c, 'update'] as const, [c, 'repair'] as const]))(
    'one path of class %s, for %s: a plan leaves nothing to plan',
    (pathClass, purpose) => {
      for (const before of contents)
        for (const after of purpose === 'repair' ? [before] : contents)
          for (const found of seen)
            for (const parent of parents) {
              const tree = (node: TestNode | undefined): Tree =>
                node === undefined ? { d: D } : { d: D, 'd/p': withClass(pathClass, node) };
              const disk = parent === D && found !== undefined ? { d: D, 'd/p': found } : { d: parent };
              checkPlan({ installed: tree(before), target: tree(after), disk, purpose });
            }
    },
  );

  const arbitraryTree = fc.array(fc.nat(32), { minLength: 8, maxLength: 8 }).map(treeFrom);

  test('many paths, an update: a plan leaves nothing to plan', () => {
    fc.assert(
      fc.property(arbitraryTree, arbitraryTree, arbitraryTree, (installed, target, disk) =>
        checkPlan({ installed, target, disk }),
      ),
      { numRuns: 2000 },
    );
  });

  test('many paths, an update of a system as it was installed', () => {
    fc.assert(
      fc.property(arbitraryTree, arbitraryTree, (installed, target) =>
        checkPlan({ installed, target, disk: installed }),
      ),
      { numRuns: 1000 },
    );
  });

  test('many paths, a repair', () => {
    fc.assert(
      fc.property(arbitraryTree, arbitraryTree, (target, disk) =>
        checkPlan({ installed: target, target, disk, purpose: 'repair' }),
      ),
      { numRuns: 1000 },
    );
  });
});
