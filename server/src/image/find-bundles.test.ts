import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type TreeItem, writeTree } from '../test-build.ts';
import { findBundles } from './find-bundles.ts';

function find(tree: Readonly<Record<string, TreeItem>>) {
  const folder = mkdtempSync(join(tmpdir(), 'swupd-image-'));
  try {
    writeTree(folder, tree);
    return findBundles(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

const CORE = { 'os-core': { folder: true } } as const;

describe('findBundles', () => {
  test('finds folders, and bundles that only include others', () => {
    const { bundles } = find({
      ...CORE,
      b: { folder: true },
      '.git/x': '',
      'bundles.toml': '[bundles.all]\nincludes = ["b"]',
    });
    expect(bundles.map(({ name, folder }) => [name, folder !== undefined])).toEqual([
      ['all', false],
      ['b', true],
      ['os-core', true],
    ]);
  });

  test.each([
    ['no os-core', { b: { folder: true } }, 'no-os-core'],
    ['a plain file', { ...CORE, readme: '' }, 'unexpected-file'],
    ['a link to a folder', { ...CORE, b: { link: 'os-core' } }, 'unexpected-file'],
    ['a bad name', { ...CORE, 'a b': { folder: true } }, 'bad-bundle-name'],
    ['the reserved name MoM', { ...CORE, MoM: { folder: true } }, 'bad-bundle-name'],
    [
      'an include of nothing',
      { ...CORE, 'bundles.toml': '[bundles.os-core]\nincludes = ["x"]' },
      'bad-bundles-toml',
    ],
    ['a bundle of nothing', { ...CORE, 'bundles.toml': '[bundles.x]\n' }, 'bad-bundles-toml'],
  ] as const)('refuses %s', (_, tree, code) => {
    expect(() => find(tree)).toThrow(expect.objectContaining({ code }));
  });

  test('refuses an image that is not there', () => {
    expect(() => findBundles('/nowhere/at/all')).toThrow(expect.objectContaining({ code: 'image-missing' }));
  });
});
