import { describe, expect, test } from 'vitest';
import { parseBundlesToml } from './bundles-toml.ts';

describe('parseBundlesToml', () => {
  test('reads bundles and classes; lists are sorted, text becomes a byte string', () => {
    const text = `
[bundles.editor]
description = "ein Läufer"
includes = ["libs", "base", "libs"]
also-add = ["docs"]
[classes]
config = ["/etc/**"]`;
    const { bundles, classes } = parseBundlesToml(text);
    expect(Object.fromEntries(bundles)).toEqual({
      editor: { description: 'ein L\xc3\xa4ufer', includes: ['base', 'libs'], alsoAdd: ['docs'] },
    });
    expect(classes).toEqual({ config: ['/etc/**'], state: [], ghost: [], boot: [] });
  });

  test('nothing is a valid file', () => {
    expect(parseBundlesToml('').bundles.size).toBe(0);
  });

  test.each([
    ['a syntax error', '[bundles.a]\nincludes = [', 2],
    ['an unknown table', '[bundle.a]\n', 1],
    ['an unknown key of a bundle', '[bundles.a]\n\ninclude = ["b"]', 3],
    ['an unknown class', '[classes]\nconfig = []\nsecret = ["/x"]', 3],
    ['a name that is no list', '[bundles.a]\nincludes = "b"', 2],
    ['a bad name in a list', '[bundles.a]\nincludes = ["../b"]', 2],
    ['a bad name of a bundle', '[bundles."-a"]', 1],
    ['a pattern that is not absolute', '[classes]\nconfig = ["etc/**"]', 2],
    ['a description that is no text', '[bundles.a]\ndescription = 3', 2],
  ])('refuses %s, with the line', (_, text, line) => {
    expect(() => parseBundlesToml(text)).toThrow(
      expect.objectContaining({ code: 'bad-bundles-toml', details: { line } }),
    );
  });
});
