import { expect, test } from 'vitest';
import { fuzzParsers } from './fuzz-parsers.ts';

const request = { count: 1500, seed: 7, progress: () => {} };

test('parsers withstand mutants', async () => {
  const { tried, broken, figures } = await fuzzParsers(['manifest', 'frame'], request);
  expect(broken).toEqual([]);
  expect(tried).toBeGreaterThanOrEqual(2 * request.count);
  expect(figures['manifest: executions']).toBeGreaterThanOrEqual(request.count);
});

test('a finding breaks the claim, and says how to see it again', async () => {
  const found = { key: 'exception', text: 'TypeError: broken', input: caseOf('abc') };
  const { tried, broken } = await fuzzParsers(['url', 'mom'], request, async ({ target }) => ({
    target,
    executions: 10,
    seconds: 1,
    edges: { seen: 0, all: 0 },
    corpus: [],
    small: { refused: 0, exact: 0, other: 0 },
    findings: target === 'mom' ? [found] : [],
  }));
  expect(tried).toBe(20);
  expect(broken).toEqual([
    {
      what: 'mom: TypeError: broken\ncase 0 whole - YWJj',
      again: 'pnpm fuzz mom --executions 1500 --seed 7',
    },
  ]);
});

function caseOf(payload: string) {
  return {
    source: new Uint8Array(0),
    payload: Buffer.from(payload),
    targetSize: 0,
    reads: 'whole',
  } as const;
}
