// Documents that are far longer than they say, or as long as they can be: refused where they break their word, in linear time.
import { readFileSync } from 'node:fs';
import { bytesOf, sha256 } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { parseDeltaIndex } from './delta-index-codec.ts';
import { applyDifference } from './difference.ts';
import { parseManifest } from './manifest-codec.ts';
import { parseMom } from './mom-codec.ts';

const vector = (name: string): Buffer => readFileSync(new URL(`../spec/vectors/${name}`, import.meta.url));
const OLD = vector('manifest-editors-10.txt');
const DIGEST = 'ab'.repeat(32);
const number = (index: number): string => String(index).padStart(8, '0');
const many = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => `${line(index)}\n`).join('');

const KNOWN = { manifest: parseManifest(OLD), digest: sha256(OLD) };
const directory = (index: number): string => `d\t755\t0\t0\tm\t1\t-\t-\t-\td${number(index)}\t-\t-`;
const MOM = 'swupd-mom\t1\nversion\t900000\nprevious\t0\ntime\t1\n';
const DOCUMENT = `${DIGEST}\t1\t${DIGEST}\t1`;
const bundle = (index: number): string => `bundle\tb${number(index)}\t800000\t${DOCUMENT}\t1\t1\t-\t-\t-`;

type Flood = readonly [document: string, parse: (bytes: Buffer) => unknown, text: string, line: number];

const FLOODS: readonly Flood[] = [
  [
    'a manifest',
    parseManifest,
    `swupd-manifest\t1\nbundle\tx\nversion\t1\nentries\t5\n\n${many(200_000, directory)}`,
    11,
  ],
  [
    'a delta index',
    parseDeltaIndex,
    `swupd-deltas\t1\nbundle\tx\ndeltas\t0\n\n${many(200_000, () => `${DIGEST}\t${DIGEST}\t1\t1`)}`,
    5,
  ],
  [
    'a difference',
    (bytes) => applyDifference(KNOWN, bytes),
    `swupd-difference\t1\nbundle\teditors\nfrom\t${KNOWN.digest}\nto\t${DIGEST}\nversion\t20\nlines\t2\n\n${many(200_000, (index) => `+\t${directory(index)}`)}`,
    10,
  ],
  ['a MoM', parseMom, `${MOM}bundles\t1\n\n${many(50_000, bundle)}`, 8],
  ['a header', parseMom, `swupd-mom\t1\n${many(1_000_000, () => 'x')}`, 17],
];

describe('more than announced', () => {
  test.each(FLOODS)('%s', (_, parse, text, line) => {
    const bytes = bytesOf(text);
    expect(() => parse(bytes)).toThrow(expect.objectContaining({ code: 'bad-manifest', details: { line } }));
  });

  test('as many entries as there is no machine for', () => {
    const bytes = bytesOf('swupd-manifest\t1\nbundle\tx\nversion\t1\nentries\t1000000000\n\n');
    expect(() => parseManifest(bytes)).toThrow(expect.objectContaining({ code: 'bad-manifest' }));
  });
});

test('a bundle with very many packs is read in linear time', () => {
  const packs = many(250_000, (index) => `pack\t${index}\t${DIGEST}\t1`);
  const mom = parseMom(bytesOf(`${MOM}bundles\t1\n\n${bundle(1)}\n${packs}`));
  expect(mom.bundles[0]?.packs).toHaveLength(250_000);
});
