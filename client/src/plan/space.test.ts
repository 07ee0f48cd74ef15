import { describe, expect, test } from 'vitest';
import { dir, entriesOf, file, hardLink, symlink, type Tree } from '../test-support.ts';
import type { Step } from './plan.ts';
import { planSpace, type SpaceNeed } from './space.ts';

const ACTIONS = { file: 'put-file', directory: 'make-directory', symlink: 'put-symlink' } as const;

function stepsOf(tree: Tree): Step[] {
  return entriesOf(tree).map((entry) => {
    const isLink = entry.type === 'file' && entry.linkTo !== undefined;
    return { action: isLink ? 'put-link' : ACTIONS[entry.type], entry, obstacle: 'nothing' } as Step;
  });
}

function needs(
  tree: Tree,
  { stateDevice = 1, downloadBytes = 0, files = 1 } = {},
): Record<number, SpaceNeed> {
  const steps = stepsOf(tree);
  const deviceOf = ({ entry }: Step): number => (entry.path.startsWith('boot') ? 2 : 1);
  const downloads = { bytes: downloadBytes, files: downloadBytes === 0 ? 0 : files };
  return Object.fromEntries(planSpace({ steps, deviceOf, stateDevice, downloads, blockSize: 4096 }));
}

describe('room for a plan', () => {
  const bytes = (count: number): string => 'x'.repeat(count);
  const rows: [string, Record<number, SpaceNeed>, Record<number, SpaceNeed>][] = [
    ['nothing', needs({}), {}],
    ['downloads alone', needs({}, { downloadBytes: 5000 }), { 1: { bytes: 8192, nodes: 1 } }],
    [
      'several downloads: each begins a block',
      needs({}, { downloadBytes: 5000, files: 3 }),
      { 1: { bytes: 8192 + 2 * 4096, nodes: 3 } },
    ],
    [
      'whole blocks',
      needs({ a: file(bytes(1)), b: file(bytes(4096)), c: file(bytes(4097)), d: file('') }),
      { 1: { bytes: 16_384, nodes: 4 } },
    ],
    [
      'directories take a block, links an inode, further names nothing',
      needs({ a: file('a'), b: hardLink('a'), d: dir(), l: symlink('x') }),
      { 1: { bytes: 8192, nodes: 3 } },
    ],
    [
      'a file on its way to another file system is on both',
      needs({ boot: dir(), 'boot/k': file(bytes(5000)) }, { downloadBytes: 100 }),
      { 1: { bytes: 4096 + 8192, nodes: 2 }, 2: { bytes: 4096 + 8192, nodes: 2 } },
    ],
    [
      'the state directory on another file system',
      needs({ a: file('a') }, { stateDevice: 3 }),
      { 1: { bytes: 4096, nodes: 1 }, 3: { bytes: 4096, nodes: 1 } },
    ],
  ];
  test.each(rows)('%s', (_, found, expected) => expect(found).toEqual(expected));

  test('metadata needs none', () => {
    const downloads = { bytes: 0, files: 0 };
    const steps = entriesOf({ a: file('a') }).map((entry) => ({ action: 'set-metadata', entry }) as Step);
    expect(planSpace({ steps, deviceOf: () => 1, stateDevice: 1, downloads, blockSize: 512 })).toEqual(
      new Map(),
    );
  });
});
