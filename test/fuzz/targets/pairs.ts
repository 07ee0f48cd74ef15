import { program } from './program.ts';

/** An old and a new blob, small, as seeds are made of. */
export interface Pair {
  readonly name: string;
  readonly source: Uint8Array;
  readonly target: Uint8Array;
}

const TEXT = 'The quick brown fox jumps over the lazy dog. ';

/** What files do to each other: grow, move, repeat, become something else. */
export const PAIRS: readonly Pair[] = [
  pair('hello', 'Hello, world!', 'Hello, world! This is a test.'),
  pair('from-nothing', '', 'abcdefgh'.repeat(6)),
  pair('to-nothing', 'abcdefgh', ''),
  pair('same', TEXT.repeat(4), TEXT.repeat(4)),
  pair(
    'edited',
    TEXT.repeat(12),
    `${TEXT.repeat(5)}cats and dogs${TEXT.repeat(6).toUpperCase()}${TEXT.repeat(3)}`,
  ),
  pair('moved', TEXT + words(40, 3), words(40, 3) + TEXT + words(12, 5)),
  pair('run', 'x', `${'\0'.repeat(700)}x${'\xff'.repeat(300)}`),
  pair('other', words(30, 7), words(30, 11)),
  {
    name: 'program',
    source: program({ machine: 'x86', size: 700 }),
    target: program({ machine: 'x86', size: 748, shift: 16 }),
  },
  {
    name: 'arm',
    source: program({ machine: 'arm', size: 632 }),
    target: program({ machine: 'arm', size: 696, shift: 32 }),
  },
];

/** Pairs that are larger than the pages and chunks that decoders work in. */
export const LARGE_PAIRS: readonly Pair[] = [
  {
    name: 'large-program',
    source: program({ machine: 'x86', size: 90_000 }),
    target: program({ machine: 'x86', size: 300_000, shift: 160 }),
  },
  {
    name: 'large-text',
    source: Buffer.from(lines(2600), 'latin1'),
    target: Buffer.from(lines(1000) + TEXT + lines(8000), 'latin1'),
  },
];

function pair(name: string, source: string, target: string): Pair {
  return { name, source: Buffer.from(source, 'latin1'), target: Buffer.from(target, 'latin1') };
}

/** So many words, the same for the same step. */
function words(count: number, step: number): string {
  return Array.from({ length: count }, (_, index) => ((index * step * 7919) % 46_656).toString(36)).join(' ');
}

function lines(count: number): string {
  return Array.from({ length: count }, (_, index) => `line ${index} of a text with many lines\n`).join('');
}
