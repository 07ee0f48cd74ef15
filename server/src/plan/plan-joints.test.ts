import type { FileEntry, Manifest } from '@swupd/manifests';
import { describe, expect, test } from 'vitest';
import type { FilePair } from './pair-files.ts';
import { pairFiles } from './pair-files.ts';
import { isJointWorth, JOINT, planJoints } from './plan-joints.ts';
import { file, manifest } from './test-entries.ts';

type Files = Readonly<Record<string, string | FileEntry>>;

const manifestOf = (version: number, files: Files): Manifest =>
  manifest(
    version,
    ...Object.entries(files).map(([path, content]) =>
      typeof content === 'string' ? file(path, content) : content,
    ),
  );

/** The joints between two builds, each as `targets < sources`. */
function joints(from: Files, to: Files, more: readonly (readonly [string, string])[] = []): string[] {
  const [old, next] = [manifestOf(1, from), manifestOf(2, to)];
  const at = (build: Manifest, path: string): FileEntry =>
    build.entries.find((entry): entry is FileEntry => entry.path === path && entry.type === 'file') ??
    file(path, '');
  const relatives = more.map(
    ([source, target]): FilePair => ({ from: at(old, source), to: at(next, target) }),
  );
  const plans = planJoints({ from: old, to: next }, [...pairFiles(old, next).pairs, ...relatives]);
  const names = (files: readonly FileEntry[]): string => files.map(({ path }) => path).join(' ');
  return plans.map(({ targets, sources }) => `${names(targets)} < ${names(sources)}`);
}

describe('planJoints', () => {
  const half = JOINT.sideMax.text / 16;
  const large = (path: string, version: number): FileEntry => file(path, path + version, { size: half * 2 });
  const many = (version: number): Files =>
    Object.fromEntries([...'abcdefghij'].map((name) => [name, large(name, version)]));
  const config = file('a', 'mine', { pathClass: 'config' });
  const state = file('a', 'mine', { pathClass: 'state' });

  test.each<[string, Files, Files, string[]]>([
    ['changed files together', { a: '1', b: '2' }, { a: '3', b: '4' }, ['a b < a b']],
    ['new files with them', { a: '1', b: '2' }, { a: '3', b: '4', c: '5' }, ['a b c < a b']],
    ['nothing that is there', { a: '1', b: '2', c: 'c' }, { a: '3', b: '4', c: 'c' }, ['a b < a b']],
    ['nothing that only moves', { a: '1', b: '2', c: 'c' }, { a: '3', b: '4', d: 'c' }, ['a b < a b']],
    ['a content once', { a: '1', b: '2', c: '1' }, { a: '3', b: '4', c: '3' }, ['a b < a b']],
    ['none alone', { a: '1' }, { a: '2' }, []],
    ['none without old ones', {}, { a: '1', b: '2' }, []],
    ['none that is empty', { a: '1', b: '2' }, { a: '', b: '4' }, []],
    ['no programs', { 'a.so': '1', 'b.ko': '2' }, { 'a.so': '3', 'b.ko': '4' }, []],
    [
      'what is compressed by itself',
      { a: '1', 'b.gz': '2', c: '3', 'd.gz': '4' },
      { a: '5', 'b.gz': '6', c: '7', 'd.gz': '8' },
      ['b.gz d.gz < b.gz d.gz', 'a c < a c'],
    ],
    ['nothing from what a device may have edited', { a: config, b: '2' }, { a: '3', b: '4' }, []],
    ['nor from its state', { a: state, b: '2', c: '5' }, { a: '3', b: '4', c: '6' }, ['b c < b c']],
    [
      'neighbours, as far as a device can hold them',
      many(1),
      many(2),
      ['a b c d e f g h < a b c d e f g h', 'i j < i j'],
    ],
  ])('codes %s', (_, from, to, expected) => {
    expect(joints(from, to)).toEqual(expected);
  });

  test('large files have their own deltas', () => {
    const huge = (content: string): FileEntry => file('h', content, { size: JOINT.fileMax + 1 });
    expect(joints({ a: '1', b: '2', h: huge('x') }, { a: '3', b: '4', h: huge('y') })).toEqual(['a b < a b']);
  });

  test('starts from as many old files as a device can hold', () => {
    const old = many(1);
    const more = [...'bcdefghij'].map((name) => [name, 'a'] as const);
    expect(joints(old, { ...old, a: large('a', 2), z: '2' }, [...more, ['b', 'z']])).toEqual([
      'a z < a b c d e f g h',
    ]);
  });

  test('starts from all old files that a new one has something of, each once and in the order of the manifest', () => {
    const old = { a: '1', b: '2', z: '9', y: '8' };
    const more = [
      ['z', 'c'],
      ['y', 'c'],
      ['z', 'b'],
    ] as const;
    expect(joints(old, { ...old, a: '3', b: '4', c: '5' }, more)).toEqual(['a b c < a b y z']);
  });
});

test.each([
  [1000, 3000, true],
  [2488, 3000, true],
  [2489, 3000, false],
  [98_001, 100_000, false],
  [98_000, 100_000, true],
  [0, 500, false],
])('%i bytes instead of %i: %s', (stored, others, expected) => {
  expect(isJointWorth(stored, others)).toBe(expected);
});
