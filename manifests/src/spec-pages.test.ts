// The pages of spec/ show what is really in the vectors, and name codes that really exist.
import { readdirSync, readFileSync } from 'node:fs';
import { LIMITS, PATH_ERRORS, sha256 } from '@swupd/shared';
import { expect, test } from 'vitest';
import { FORMAT_ERRORS } from './format-error.ts';
import { TRUST_ERRORS } from './trust/trust-error.ts';

const SPEC = new URL('../spec/', import.meta.url);
const PAGES = readdirSync(SPEC).filter((name) => name.endsWith('.md'));
/** The deltas belong to `@swupd/shared`, and so do their codes and vectors. */
const DELTA_PAGES = ['delta.md', 'align.md', 'inflated.md'];
const OWN_PAGES = PAGES.filter((name) => !DELTA_PAGES.includes(name));
const VECTORS = readdirSync(new URL('vectors/', SPEC)).filter((name) => !name.startsWith('.'));
const page = (name: string): string => readFileSync(new URL(name, SPEC), 'utf8');

const contents = VECTORS.map((name) => readFileSync(new URL(`vectors/${name}`, SPEC)));
const digests = new Set([
  ...contents.map(sha256),
  ...contents.flatMap((bytes) => bytes.toString('latin1').match(/\b[0-9a-f]{64}\b/g) ?? []),
]);

test.each(PAGES)('%s says what has changed', (name) => {
  expect(page(name)).toMatch(/^## Changes$/m);
});

test.each(OWN_PAGES)('the digests on %s are those of the vectors', (name) => {
  const text = page(name);
  for (const digest of text.match(/\b[0-9a-f]{64}\b/g) ?? []) expect(digests).toContain(digest);
  for (const [, start = ''] of text.matchAll(/\b([0-9a-f]{8})…/g)) {
    expect(
      [...digests].some((digest) => digest.startsWith(start)),
      `${start}…`,
    ).toBe(true);
  }
});

test.each(OWN_PAGES)('the codes on %s are registered', (name) => {
  const known = Object.keys({ ...FORMAT_ERRORS, ...TRUST_ERRORS, ...PATH_ERRORS });
  for (const [, list = ''] of page(name).matchAll(/\((`[a-z-]+`(?:, `[a-z-]+`)*)\)/g)) {
    const codes = list
      .replaceAll('`', '')
      .split(', ')
      .filter((code) => code.includes('-'));
    expect(known).toEqual(expect.arrayContaining(codes));
  }
});

test('the index lists every page and every vector', () => {
  const index = page('README.md');
  for (const name of PAGES.filter((other) => other !== 'README.md')) expect(index).toContain(`(${name})`);
  for (const name of VECTORS.filter((other) => !other.startsWith('delta-')))
    expect(index).toContain(`\`${name}\``);
});

test('the limits in the grammar are those of the code', () => {
  const grammar = page('grammar.md');
  for (const limit of [LIMITS.document, LIMITS.entries, LIMITS.bundles]) {
    expect(grammar).toContain(limit.toLocaleString('en-US'));
  }
  expect([LIMITS.mom, LIMITS.line, LIMITS.fileSize, LIMITS.windowLog]).toEqual([
    64 * 2 ** 20,
    2 ** 18,
    2 ** 42,
    27,
  ]);
});
