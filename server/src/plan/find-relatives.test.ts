import type { FileEntry } from '@swupd/manifests';
import { describe, expect, test } from 'vitest';
import { noise } from '../test-build.ts';
import { sketchContent } from './content-sketch.ts';
import { findRelatives, SKETCH_HASHES, type Sketches } from './find-relatives.ts';
import { nearbyFiles } from './nearby-files.ts';
import { digestOf, file } from './test-entries.ts';

const KIB = 1024;
const a = noise(40 * KIB, 1);
const b = noise(40 * KIB, 2);
const c = noise(40 * KIB, 3);

type Files = Readonly<Record<string, string>>;

const entriesOf = (files: Files): FileEntry[] =>
  Object.entries(files).map(([path, content]) => file(path, content));

const sketchesOf = (...all: readonly Files[]): Sketches =>
  new Map(
    all
      .flatMap((files) => Object.values(files))
      .map((text) => [digestOf(text), sketchContent(Buffer.from(text), SKETCH_HASHES)]),
  );

describe('findRelatives', () => {
  test.each<[string, string, Files, string[]]>([
    ['renamed and changed', `${a.slice(5000)}new`, { x: b, y: a }, ['y']],
    ['split off from a larger one', a.slice(8000, 12_000), { x: b, y: a }, ['y']],
    ['merged of two', a + b.slice(5000), { x: a, y: b, z: c }, ['x', 'y']],
    ['merged of parts, the larger first', a.slice(0, 9000) + b, { x: a, y: b, z: c }, ['y', 'x']],
    ['like two that are the same but for a little', a, { x: a.slice(2000), y: a.slice(900) }, ['y']],
    ['like a small one and a large one that has it', a, { x: a + b, y: a }, ['y']],
    ['like none', c, { x: a, y: b }, []],
    ['too like an old one by a few bytes only', c + a.slice(0, 300), { x: a, y: b }, []],
  ])('a new file that is %s', (_, content, olds, expected) => {
    const added = { new: content };
    const relatives = findRelatives(entriesOf(added), entriesOf(olds), sketchesOf(added, olds));
    expect((relatives.get(digestOf(content)) ?? []).map(({ path }) => path)).toEqual(expected);
  });

  test('a small part of a file whose sketch can not hold all of it', () => {
    const large = noise(3 * KIB * KIB, 4);
    const added = { new: large.slice(1_000_000, 1_050_000) };
    const olds = { x: large, y: a };
    const relatives = findRelatives(entriesOf(added), entriesOf(olds), sketchesOf(added, olds));
    expect([...relatives].map(([digest, [first]]) => [first?.path, digest])).toEqual([
      ['x', digestOf(added.new)],
    ]);
  });

  test('what many files have tells nothing', () => {
    const olds = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`l${i}`, a + noise(100, 10 + i)]));
    const added = { new: a };
    const relatives = findRelatives(entriesOf(added), entriesOf(olds), sketchesOf(added, olds));
    expect(relatives.get(digestOf(a))?.length).toBe(1);
  });
});

describe('nearbyFiles', () => {
  const MIB = KIB * KIB;
  const sized = (files: Readonly<Record<string, number>>): FileEntry[] =>
    Object.entries(files).map(([path, size]) => file(path, path, { size }));
  const olds = sized({
    'lib/one/a.js': MIB,
    'lib/one/deep/b.js': MIB,
    'lib/one/large.js': 3 * MIB,
    'lib/one/tiny.js': 10,
    'lib/two/c.js': MIB,
    ...Object.fromEntries(Array.from({ length: 15 }, (_, i) => [`lib/many/${i}.js`, MIB])),
  });

  test.each([
    ['in the largest folder that has not too much', 'lib/one/new.js', ['lib/one/a.js', 'lib/one/deep/b.js']],
    ['above a folder that is new', 'lib/one/x/y/new.js', ['lib/one/a.js', 'lib/one/deep/b.js']],
    ['in a folder with nothing', 'etc/new.js', []],
  ])('are those %s', (_, path, expected) => {
    expect(nearbyFiles(sized({ [path]: 100 }), olds).map((near) => near.path)).toEqual(expected);
  });
});
