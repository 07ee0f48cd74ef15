import { filterX86 } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { chooseFilters, type ProgramSketch } from './choose-filters.ts';
import { type ContentSketch, similarity, sketchContent } from './content-sketch.ts';
import { digestOf } from './test-entries.ts';

/** A sketch of ten hashes; those of equal letters are in common. */
function sketch(letters: string): ContentSketch {
  return [...letters].map((letter) => letter.charCodeAt(0)).sort((a, b) => a - b);
}

/** The names of what is filtered; a name without sketches is no program. */
function chosen(contents: Record<string, [plain: string, filtered: string] | null>): string[] {
  const programs = new Map(
    Object.entries(contents).flatMap(([name, sketches]) => {
      if (sketches === null) return [];
      const [plain, filtered] = sketches.map(sketch) as [ContentSketch, ContentSketch];
      return [[digestOf(name), { plain, filtered }] as const];
    }),
  );
  const result = chooseFilters(Object.keys(contents).map(digestOf), programs);
  return Object.keys(contents).filter((name) => result.has(digestOf(name)));
}

describe('programs are filtered', () => {
  test.each<[string, Parameters<typeof chosen>[0], string[]]>([
    ['and nothing else', { a: ['abcdefghij', '0123456789'], text: null }, ['a']],
    ['if they were not compared', { a: ['', ''], b: ['', ''] }, ['a', 'b']],
    [
      'if they are not alike',
      { a: ['abcdefghij', 'abcdefghij'], b: ['klmnopqrst', 'klmnopqrst'] },
      ['a', 'b'],
    ],
    [
      'if they are alike all the same',
      { a: ['abcdefghij', '0123456789'], b: ['abcdefghiZ', '012345678Z'] },
      ['a', 'b'],
    ],
    [
      'but not if that makes them different',
      { a: ['abcdefghij', '0123456789'], b: ['abcdeKLMNO', '0KLMNOPQRS'], c: ['UVWXYZuvwx', 'UVWXYZuvwx'] },
      ['c'],
    ],
  ])('%s', (_, contents, expected) => {
    expect(chosen(contents)).toEqual(expected);
  });

  test('in any order of the contents alike', () => {
    const contents = { a: ['abcdefghij', '0123456789'], b: ['abcdeKLMNO', '0KLMNOPQRS'], c: ['', ''] };
    const reversed = Object.fromEntries(Object.entries(contents).reverse());
    expect(chosen(contents as never)).toEqual(chosen(reversed as never));
  });
});

test('two programs that are linked from the same object stay as they are', () => {
  const object = objectCode(40_000);
  const alone = sketchBoth(programOf(object));
  const behindOther = sketchBoth(programOf(Buffer.concat([Buffer.alloc(12_345, 0x90), object])));
  const programs = new Map([
    [digestOf('a'), alone],
    [digestOf('b'), behindOther],
  ]);
  expect(similarity(alone.plain, behindOther.plain)).toBeGreaterThan(0.9);
  expect(chooseFilters([digestOf('a'), digestOf('b')], programs)).toEqual(new Set());
  expect(chooseFilters([digestOf('a')], programs)).toEqual(new Set([digestOf('a')]));
});

/** Calls with four bytes between them, each to another place in the object. */
function objectCode(calls: number): Buffer {
  const code = Buffer.alloc(9 * calls);
  for (let i = 0; i < calls; i++) {
    code[9 * i] = 0xe8;
    code.writeInt32LE(9 * (((i * 7919) % calls) - i) - 5, 9 * i + 1);
    code.writeUInt32LE(Math.imul(i, 2654435761) >>> 0, 9 * i + 5);
  }
  return code;
}

function programOf(code: Buffer): Buffer {
  const head = Buffer.alloc(120);
  head.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  head.writeUInt16LE(62, 18);
  head.writeUInt8(64, 32);
  head.writeUInt16LE(56, 54);
  head.writeUInt16LE(1, 56);
  head.writeUInt32LE(1, 64);
  head.writeUInt32LE(5, 68);
  head.writeUInt32LE(code.length, 96);
  return Buffer.concat([head, code]);
}

function sketchBoth(bytes: Uint8Array): ProgramSketch {
  return { plain: sketchContent(bytes, 256), filtered: sketchContent(filterX86(bytes) ?? bytes, 256) };
}
