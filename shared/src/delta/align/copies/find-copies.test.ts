import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../byte-string.ts';
import { findCopies } from './find-copies.ts';
import { CODE, TEXT } from './search-rule.ts';

/** As many bytes that look random, the same at each run; those of another `seed` share none of them. */
function noise(seed: number, length: number): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (Math.imul(state, 1664525) + 1013904223) | 0;
    return 50 * seed + ((state >>> 24) % 50);
  });
}

function copiesOf(source: Uint8Array, target: Uint8Array, rule = CODE): string[] {
  const { count, target: to, source: from, length } = findCopies(source, target, rule);
  return Array.from({ length: count }, (_, index) => `${to[index]}←${from[index]}+${length[index]}`);
}

describe('findCopies', () => {
  const [a, b, c] = [noise(1, 500), noise(2, 400), noise(3, 300)];

  it.each([
    ['equal files: one copy', [a, b], [a, b], ['0←0+900']],
    ['an insertion', [a, b], [a, c, b], ['0←0+500', '800←500+400']],
    ['a deletion', [a, c, b], [a, b], ['0←0+500', '500←800+400']],
    ['parts that changed places', [a, b], [b, a], ['0←500+400', '400←0+500']],
    ['a part that comes twice', [a, b], [a, a], ['0←0+500', '500←0+500']],
    ['nothing in common', [a], [b], []],
    ['an empty source', [], [a], []],
    ['an empty target', [a], [], []],
  ])('finds %s', (_, source, target, copies) => {
    expect(copiesOf(Buffer.concat(source), Buffer.concat(target))).toEqual(copies);
  });

  it('copies over single bytes that differ', () => {
    const target = Uint8Array.from(a);
    for (const at of [20, 21, 150, 333]) target[at] = (target[at] as number) ^ 0x55;
    expect(copiesOf(a, target)).toEqual(['0←0+500']);
  });

  it('ends a copy where too little agrees', () => {
    const source = Buffer.concat([a, noise(2, 100)]);
    const target = Buffer.concat([a, noise(3, 100)]);
    expect(copiesOf(source, target)).toEqual(['0←0+500']);
  });

  it('leaves a diagonal for text only where much is to be won', () => {
    const source = bytesOf(
      `${'one line of words\n'.repeat(1)}${'x'.repeat(50)}another line, and more of it\n`,
    );
    const target = bytesOf(`another line, and${'y'.repeat(50)}one line of words\n`);
    expect(copiesOf(source, target, CODE).length).toBeGreaterThan(copiesOf(source, target, TEXT).length);
  });
});
