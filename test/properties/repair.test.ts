import {
  chmodSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectSameTree, Scene } from '../support/scene.ts';
import { file, hardLink, symlink, type Tree } from '../support/tree.ts';
import { place } from '../support/write-tree.ts';

const TREE: Tree = {
  'usr/a': file('a'),
  'usr/b': hardLink('usr/a'),
  'usr/d/e/f': file('f', { mode: 0o4755 }),
  'usr/d/e/g': symlink('f'),
  'usr/d/h': file('h', { uid: 3, gid: 4 }),
  'usr/k': symlink('d'),
};

const PATHS = ['usr', ...Object.keys(TREE), 'usr/d', 'usr/d/e', 'usr/new', 'usr/d/new', 'top'];

const DAMAGE: Readonly<Record<string, (at: Buffer, root: string) => void>> = {
  remove: (at) => rmSync(at, { recursive: true }),
  write: (at) => writeFileSync(at, 'damaged'),
  truncate: (at) => writeFileSync(at, ''),
  'make a directory': (at) => mkdirSync(at),
  'make a link': (at) => symlinkSync('nowhere', at),
  'make a link to a directory': (at) => symlinkSync('..', at),
  'make a hard link': (at, root) => {
    rmSync(at, { force: true });
    linkSync(place(root, 'usr/d/h'), at);
  },
  'change the mode': (at) => {
    if (!lstatSync(at).isSymbolicLink()) chmodSync(at, 0o711);
  },
  'change the owner': (at) => lchownSync(at, 9, 9),
  replace: (at) => {
    rmSync(at, { recursive: true });
    writeFileSync(at, 'another');
  },
  'replace by a directory': (at) => {
    rmSync(at, { recursive: true });
    mkdirSync(at);
  },
  'replace by a link': (at) => {
    rmSync(at, { recursive: true });
    symlinkSync('usr', at);
  },
};

describe('random damage', () => {
  let scene: Scene;
  beforeAll(async () => {
    scene = new Scene();
    await scene.repository.build(10, { bundles: { 'os-core': TREE } });
  });
  afterAll(() => scene[Symbol.dispose]());

  test('verify finds what --fix changes; afterwards the tree is right, and a second fix has nothing to do', async () => {
    const blows = fc.array(fc.tuple(fc.constantFrom(...Object.keys(DAMAGE)), fc.constantFrom(...PATHS)), {
      minLength: 1,
      maxLength: 6,
    });
    await fc.assert(
      fc.asyncProperty(blows, fc.boolean(), async (chosen, picky) => {
        const device = scene.device();
        await device.install();
        for (const [kind, path] of chosen) strike(kind, path, device.root);
        const before = device.snapshot();
        const found = await device.diagnose({ picky });
        expect(device.snapshot()).toEqual(before);
        const { findings, outcome } = await device.repair({ picky });
        expect(findings).toEqual(found.findings);
        const paths = new Set(findings.map(({ path }) => path));
        expect(outcome.cost.changes + outcome.cost.removals).toBe(paths.size);
        expect((await device.diagnose({ picky })).findings).toEqual([]);
        const second = await device.repair({ picky });
        expect(second.outcome.cost).toMatchObject({ changes: 0, removals: 0, downloadBytes: 0 });
        const expected = scene.repository.expected(10, ['os-core']);
        // Without --picky what is not ours stays: additions of the damage, and what was set aside.
        const extra = [...device.snapshot().keys()].filter((path) => !expected.has(path));
        if (picky) expect(extra.filter((path) => path.startsWith('usr/'))).toEqual([]);
        expectSameTree(device.snapshot({ except: extra }), expected);
      }),
      { numRuns: 60, interruptAfterTimeLimit: 90_000 },
    );
  });
});

/** What an earlier blow has taken away, or what is in the way, can't be hit. */
function strike(kind: string, path: string, root: string): void {
  try {
    DAMAGE[kind]?.(place(root, path), root);
  } catch (error) {
    expect((error as NodeJS.ErrnoException).code).toMatch(/^E[A-Z_]+$/);
  }
}
