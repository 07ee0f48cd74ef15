import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ByteString,
  displayPath,
  type FileName,
  parseRepoPath,
  type RepoPath,
  SILENT,
} from '@swupd/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { inlineExecutor } from '../content/inline-executor.ts';
import { workerExecutor } from '../content/worker-executor.ts';
import { type Directory, PathWalker, REAL_DISK } from '../disk/index.ts';
import {
  below,
  dir,
  entriesOf,
  file,
  hardLink,
  OWN_UID,
  openHandles,
  plant,
  symlink,
  systemTree,
  type Tree,
  temporaryFolder,
  uproot,
} from '../test-support.ts';
import { findExtra } from './find-extra.ts';
import { findingsFor } from './findings.ts';
import { inspectTree } from './inspect-tree.ts';
import { type Observed, observe } from './observe.ts';

let folder: ReturnType<typeof temporaryFolder>;
let path: string;
let root: Directory;
beforeEach(() => {
  folder = temporaryFolder();
  path = join(folder.path, 'root');
  mkdirSync(path);
  root = REAL_DISK.openRoot(path);
});
afterEach(() => {
  root.close();
  folder[Symbol.dispose]();
});

const XATTRS = [{ name: 'user.kind' as ByteString, value: '1' as ByteString }];

function look(tree: Tree, at: string, hash = true): Observed {
  const walker = new PathWalker(root);
  try {
    return observe(
      walker,
      parseRepoPath(at),
      entriesOf(tree).filter((entry) => entry.path === at),
      { hash },
    );
  } finally {
    walker.reset();
  }
}

describe('findings', () => {
  const tree: Tree = {
    d: dir(),
    'd/f': file('content', { mode: 0o4755, xattrs: XATTRS }),
    'd/e': dir({ mode: 0o1777, xattrs: XATTRS }),
    l: symlink('to\nnowhere'),
    empty: file(''),
    '\xff\n': file('odd'),
  };
  beforeEach(() => plant(path, tree));

  const problems = (at: string, hash = true): string[] => {
    const entry = entriesOf(tree).find((one) => one.path === at);
    if (entry === undefined) throw new TypeError(`${at} is not in the tree`);
    return findingsFor(entry, look(tree, at, hash)).map(({ problem, expected, found }) =>
      expected === undefined ? problem : `${problem}: ${found}, not ${expected}`,
    );
  };
  const replace = (at: string, other: Tree[string]): void => {
    uproot(path, at);
    plant(path, { [at]: other });
  };

  test.each(Object.keys(tree))('none for %j as it was installed', (at) => expect(problems(at)).toEqual([]));

  const rows: [string, string, () => unknown, string[]][] = [
    ['a missing file', 'd/f', () => uproot(path, 'd/f'), ['missing']],
    ['a missing parent', 'd/f', () => uproot(path, 'd'), ['missing']],
    ['a parent that is a file', 'd/f', () => replace('d', file('')), ['missing']],
    [
      'a parent that is a link to a directory with just the right file in it',
      'd/f',
      () => {
        renameSync(join(path, 'd'), join(path, 'elsewhere'));
        plant(path, { d: symlink('elsewhere') });
      },
      ['missing'],
    ],
    [
      'another content of the same size',
      'd/f',
      () => writeFileSync(join(path, 'd/f'), 'CONTENT'),
      ['modified'],
    ],
    ['a longer content', 'd/f', () => writeFileSync(join(path, 'd/f'), 'content!'), ['modified']],
    ['an emptied file', 'd/f', () => writeFileSync(join(path, 'd/f'), ''), ['modified']],
    ['something in an empty file', 'empty', () => writeFileSync(join(path, 'empty'), 'x'), ['modified']],
    [
      'a directory in place of a file',
      'empty',
      () => replace('empty', dir()),
      ['wrong-type: directory, not file'],
    ],
    [
      'a link in place of a file, to one with the same content',
      'empty',
      () => replace('empty', symlink('/dev/null')),
      ['wrong-type: symlink, not file'],
    ],
    [
      'a file in place of a directory',
      'd',
      () => replace('d', file('')),
      ['wrong-type: file, not directory'],
    ],
    [
      'a FIFO in place of a file',
      'empty',
      () => {
        uproot(path, 'empty');
        execFileSync('mkfifo', [join(path, 'empty')]);
      },
      ['wrong-type: other, not file'],
    ],
    [
      'a file in place of a link',
      'l',
      () => replace('l', file('to\nnowhere')),
      ['wrong-type: file, not symlink'],
    ],
    ['another target', 'l', () => replace('l', symlink('to')), ['wrong-link: to, not to\nnowhere']],
    [
      'a lost setuid',
      'd/f',
      () => replace('d/f', file('content', { mode: 0o755, xattrs: XATTRS })),
      ['wrong-mode: 0755, not 4755'],
    ],
    [
      'a mode of a directory',
      'd/e',
      () => replace('d/e', dir({ mode: 0o777, xattrs: XATTRS })),
      ['wrong-mode: 0777, not 1777'],
    ],
    [
      'an attribute too few',
      'd/e',
      () => replace('d/e', dir({ mode: 0o1777 })),
      ['wrong-xattrs: none, not user.kind'],
    ],
    [
      'an attribute too many',
      'empty',
      () => replace('empty', file('', { xattrs: XATTRS })),
      ['wrong-xattrs: user.kind, not none'],
    ],
    [
      'an attribute with another value',
      'd/f',
      () =>
        replace(
          'd/f',
          file('content', {
            mode: 0o4755,
            xattrs: [{ name: XATTRS[0]?.name as ByteString, value: '2' as ByteString }],
          }),
        ),
      ['wrong-xattrs: user.kind, not user.kind'],
    ],
    [
      'all at once',
      'd/f',
      () => replace('d/f', file('other', { mode: 0o600 })),
      ['modified', 'wrong-mode: 0600, not 4755', 'wrong-xattrs: none, not user.kind'],
    ],
    [
      'a file whose name is no text',
      '\xff\n',
      () => writeFileSync(below(path, '\xff\n'), 'ODD'),
      ['modified'],
    ],
  ];
  test.each(rows)('%s', (_, at, damage, expected) => {
    damage();
    expect(problems(at)).toEqual(expected);
  });

  test('an owner', () => {
    const entry = entriesOf({ empty: file('', { uid: OWN_UID + 1, gid: 7 }) })[0];
    if (entry === undefined) throw new TypeError('no entry');
    const [finding, ...more] = findingsFor(entry, look(tree, 'empty'));
    expect([finding?.problem, finding?.expected, more]).toEqual(['wrong-owner', `${OWN_UID + 1}:7`, []]);
  });

  test('without reading content only another size is found', () => {
    writeFileSync(join(path, 'd/f'), 'CONTENT');
    expect(problems('d/f', false)).toEqual([]);
    writeFileSync(join(path, 'd/f'), 'content!');
    expect(problems('d/f', false)).toEqual(['modified']);
  });
});

test('content of an older build is recognised', () => {
  plant(path, { f: file('old!') });
  const [wanted] = entriesOf({ f: file('new!') });
  const [before] = entriesOf({ f: file('old!') });
  const walker = new PathWalker(root);
  const seen = observe(walker, parseRepoPath('f'), [wanted, before] as never, { hash: true });
  expect(seen.type === 'file' && seen.digest).toBe(before?.type === 'file' && before.digest);
});

describe.each([
  ['in this thread', () => inlineExecutor(REAL_DISK)],
  ['in other threads', () => workerExecutor(2)],
])('a tree is inspected %s', (_, start) => {
  test('and what differs is told, with hard links, whatever there is of it', async () => {
    const many = Object.fromEntries(Array.from({ length: 450 }, (__, i) => [`many/${i}`, file(`${i}`)]));
    const target: Tree = {
      a: file('a'),
      b: hardLink('a'),
      c: file('c'),
      d: file('d'),
      gone: dir(),
      'gone/x': file('x'),
      many: dir(),
      ...many,
    };
    plant(path, { ...target, old: file('old') });
    uproot(path, 'gone');
    writeFileSync(join(path, 'many/400'), '___');
    linkSync(join(path, 'd'), join(path, 'not-ours'));
    const handles = openHandles();
    const executor = start();
    const reports: number[] = [];
    const observed = await inspectTree({
      root,
      paths: [...Object.keys(target), 'old'].map(parseRepoPath),
      target: systemTree(target),
      installed: systemTree({ ...target, old: file('old') }),
      hash: true,
      executor,
      progress: { ...SILENT, report: ({ done }) => reports.push(done) },
    });
    await executor.close();
    expect([...observed].map(([at, { type }]) => `${at} ${type}`).sort()).toEqual([
      'a file',
      'b file',
      'd file',
      'gone missing',
      'gone/x unreachable',
      'many/400 file',
      'old file',
    ]);
    const inode = (at: string): unknown => (observed.get(at as RepoPath) as { inode?: number }).inode;
    expect(inode('a')).toBe(inode('b'));
    expect(reports.at(-1)).toBe(Object.keys(target).length + 1);
    expect(openHandles()).toBeLessThanOrEqual(handles);
  });
});

describe('extra files', () => {
  const target: Tree = { usr: dir(), 'usr/a': file('a'), 'usr/d': dir(), etc: dir() };
  interface Search {
    readonly tree?: string | undefined;
    readonly whitelist?: RegExp;
    readonly except?: string;
  }
  const extra = ({ tree = 'usr', whitelist = /^\/nothing$/, except = '.' }: Search = {}): string[] => {
    const left = REAL_DISK.openRoot(join(path, except));
    const start = tree === '' ? undefined : parseRepoPath(tree);
    const found = findExtra(systemTree(target), { root, tree: start, whitelist, except: left.stat() });
    left.close();
    return found.map((one) => `${one.type} ${displayPath(one.path)}`);
  };
  beforeEach(() => plant(path, { ...target, 'etc/outside': file('') }));

  test('none', () => expect(extra()).toEqual([]));

  test('children come before their parents', () => {
    plant(path, {
      'usr/new': dir(),
      'usr/new/x': file(''),
      'usr/new/sub': dir(),
      'usr/new/sub/y': file(''),
      'usr/d/z': file(''),
    });
    expect(extra()).toEqual([
      'file /usr/d/z',
      'file /usr/new/sub/y',
      'directory /usr/new/sub',
      'file /usr/new/x',
      'directory /usr/new',
    ]);
  });

  test('links are told and not followed', () => {
    plant(path, { 'usr/l': symlink('../etc'), 'usr/self': symlink('.'), 'usr/d/up': symlink('/') });
    expect(extra()).toEqual(['symlink /usr/d/up', 'symlink /usr/l', 'symlink /usr/self']);
  });

  test('odd names and odd types', () => {
    plant(path, { 'usr/\xff': file(''), 'usr/new\nline': file('') });
    execFileSync('mkfifo', [join(path, 'usr/fifo')]);
    expect(extra()).toEqual(['other /usr/fifo', 'file /usr/new\\x0aline', 'file /usr/\\xff']);
  });

  test('the whole root', () => {
    expect(extra({ tree: '' })).toEqual(['file /etc/outside']);
  });

  test.each(['etc/outside', 'nothing', 'usr/a/b'])('%s is no directory to search', (tree) =>
    expect(extra({ tree })).toEqual([]),
  );

  test('a link is no directory to search', () => {
    plant(path, { link: symlink('usr'), 'usr/new': file('') });
    expect(extra({ tree: 'link' })).toEqual([]);
  });

  test('the whitelist holds for all that is below, and for what holds it', () => {
    plant(path, {
      'usr/keep': dir(),
      'usr/keep/x': file(''),
      'usr/new': dir(),
      'usr/new/keep': dir(),
      'usr/new/keep/y': file(''),
      'usr/new/z': file(''),
    });
    expect(extra({ whitelist: /\/keep(?:\/|$)/ })).toEqual(['file /usr/new/z']);
  });

  test('a whitelist with memory is asked anew for each path', () => {
    plant(path, { 'usr/keep1': file(''), 'usr/keep2': file(''), 'usr/keep3': file('') });
    expect(extra({ whitelist: /keep/g })).toEqual([]);
  });

  test('a mount point stays, with all that is below', () => {
    plant(path, { 'usr/d/x': file(''), mnt: dir(), 'mnt/y': file(''), z: file('') });
    const mounted: Directory = new Proxy(root, {
      get: (_, key) => {
        if (key !== 'lookup')
          return Reflect.get(root, key, root)?.bind?.(root) ?? Reflect.get(root, key, root);
        return (name: FileName) => {
          const stat = root.lookup(name);
          return name === 'mnt' && stat !== undefined ? { ...stat, device: -1 } : stat;
        };
      },
    });
    const options = { root: mounted, tree: undefined, whitelist: /^\/etc/, except: root.stat() };
    expect(findExtra(systemTree(target), options).map((one) => one.path)).toEqual(['usr/d/x', 'z']);
  });

  test('the state directory stays, and what holds it', () => {
    plant(path, {
      'usr/state': dir(),
      'usr/state/cache': dir(),
      'usr/deep': dir(),
      'usr/deep/state': dir(),
      'usr/deep/x': file(''),
    });
    expect(extra({ except: 'usr/state' })).toEqual([
      'directory /usr/deep/state',
      'file /usr/deep/x',
      'directory /usr/deep',
    ]);
    expect(extra({ except: 'usr/deep/state' })).toEqual([
      'file /usr/deep/x',
      'directory /usr/state/cache',
      'directory /usr/state',
    ]);
  });
});
