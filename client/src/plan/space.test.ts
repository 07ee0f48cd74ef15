import type { ByteString } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { describe, expect, test } from 'vitest';
import { dir, entriesOf, file, hardLink, symlink, type Tree } from '../test-support.ts';
import type { Step } from './plan.ts';
import { addContent, planSpace, type SpaceInput } from './space.ts';
import { type SpaceNeed, SpaceNeeds } from './space-needs.ts';

const LONG = [{ name: 'user.long' as ByteString, value: 'x'.repeat(100) as ByteString }];
const ACTIONS = { file: 'put-file', directory: 'make-directory', symlink: 'put-symlink' } as const;

function stepsOf(tree: Tree): Step[] {
  return entriesOf(tree).map((entry) => {
    const isLink = entry.type === 'file' && entry.linkTo !== undefined;
    return { action: isLink ? 'put-link' : ACTIONS[entry.type], entry, obstacle: 'nothing' } as Step;
  });
}

interface Given {
  readonly stateDevice?: number;
  readonly downloadBytes?: number;
  readonly files?: number;
  readonly cached?: string;
}

function inputOf(
  tree: Tree,
  { stateDevice = 1, downloadBytes = 0, files = 1, cached }: Given = {},
): SpaceInput {
  const known = cached === undefined ? undefined : hashContent(Buffer.from(cached));
  return {
    plan: { steps: stepsOf(tree), removals: [] },
    deviceOf: ({ entry }: Step): number => (entry.path.startsWith('boot') ? 2 : 1),
    stateDevice,
    downloads: { bytes: downloadBytes, files: downloadBytes === 0 ? 0 : files },
    isCached: (digest) => digest === known,
    blockSizeOf: () => 4096,
  };
}

function needs(tree: Tree, given?: Given): Record<number, SpaceNeed> {
  const sums = new SpaceNeeds(() => 4096);
  addContent(inputOf(tree, given), sums);
  return Object.fromEntries(sums.byDevice);
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
    [
      'what the cache has moves, and is copied for a second path',
      needs({ a: file(bytes(5000)), b: file(bytes(5000)), c: file('c') }, { cached: bytes(5000) }),
      { 1: { bytes: 8192 + 4096, nodes: 2 } },
    ],
    [
      'on another file system it is copied',
      needs({ 'boot/k': file(bytes(5000)) }, { cached: bytes(5000) }),
      { 2: { bytes: 8192, nodes: 1 } },
    ],
    [
      'long targets and attributes take a block',
      needs({ l: symlink(bytes(100)), a: file('', { xattrs: LONG }) }),
      { 1: { bytes: 8192, nodes: 2 } },
    ],
  ];
  test.each(rows)('%s', (_, found, expected) => expect(found).toEqual(expected));

  test('the journal and the names of the staging area come on top', () => {
    const tree = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`f${i}`, file('')]));
    const input = inputOf(tree, { stateDevice: 3 });
    const found = planSpace(input);
    const journal = JSON.stringify(input.plan).length;
    expect(found.get(3)?.bytes).toBeGreaterThan(journal);
    expect(found.get(3)?.bytes).toBeLessThan(journal * 2 + 40_000);
    expect(found.get(1)).toEqual({ bytes: 10 * 4096, nodes: 102 });
  });

  test('nothing to do needs none', () => expect(planSpace(inputOf({}))).toEqual(new Map()));
});
