// Damaged documents are refused with a code, and what is accepted has only one form: it would be written just so.
import { readFileSync } from 'node:fs';
import { bytesOf, sha256 } from '@swupd/shared';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatDeltaIndex, parseDeltaIndex } from './delta-index-codec.ts';
import { applyDifference } from './difference.ts';
import { FormatError } from './format-error.ts';
import { formatManifest, parseManifest } from './manifest-codec.ts';
import { formatMom, parseMom } from './mom-codec.ts';

const vector = (name: string): Buffer => readFileSync(new URL(`../spec/vectors/${name}`, import.meta.url));
const OLD = vector('manifest-editors-10.txt');
const KNOWN = { manifest: parseManifest(OLD), digest: sha256(OLD) };

/** Small changes that a careless or hostile author would try: at a place, some bytes go and others come. */
const piece = fc.oneof(
  fc.constantFrom(
    '',
    '\n',
    '\t',
    '\n\n',
    '-',
    '0',
    '1',
    '/',
    '..',
    '\\x',
    '\\x0a',
    ',',
    '=',
    'f',
    'd',
    '+',
    '\0',
    '\xff',
  ),
  fc.uint8Array({ maxLength: 4 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
);
const edits = fc.array(
  fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), remove: fc.nat({ max: 6 }), insert: piece }),
  { minLength: 1, maxLength: 3 },
);

test.each<[string, (bytes: Buffer) => Buffer | undefined]>([
  ['manifest-editors-20.txt', (bytes) => formatManifest(parseManifest(bytes))],
  ['manifest-os-core-10.txt', (bytes) => formatManifest(parseManifest(bytes))],
  ['mom.txt', (bytes) => formatMom(parseMom(bytes))],
  ['deltas-editors-20.txt', (bytes) => formatDeltaIndex(parseDeltaIndex(bytes))],
  [
    'difference-editors-10-20.txt',
    (bytes) => {
      applyDifference(KNOWN, bytes);
      return undefined;
    },
  ],
])('%s', (name, rewrite) => {
  const good = vector(name).toString('latin1');
  fc.assert(
    fc.property(edits, (changes) => {
      const bad = bytesOf(changes.reduce(edit, good));
      const result = attempt(() => rewrite(bad));
      if (result !== undefined) expect(result.equals(bad)).toBe(true);
    }),
    { numRuns: 3000 },
  );
});

function edit(text: string, { at, remove, insert }: { at: number; remove: number; insert: string }): string {
  const offset = Math.floor(at * text.length);
  return text.slice(0, offset) + insert + text.slice(offset + remove);
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof FormatError) return undefined;
    throw error;
  }
}
