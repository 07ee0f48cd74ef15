import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { noise } from '../test-noise.ts';
import { FAMILY_COUNT, LEVEL_COUNT, PROFILES, profileNumber } from './encoder-profile.ts';
import { putTogether } from './put-together.ts';
import { mixture, padded, profileOf, wordText } from './test-texts.ts';

const LEVELS = Array.from({ length: LEVEL_COUNT - 1 }, (_, index) => index + 1);
const NOTHING = new Uint8Array(0);

/** What gzip and zlib make of these, the models have to make without any correction. */
const TEXTS: readonly (readonly [string, Uint8Array])[] = [
  ['nothing', NOTHING],
  ['one byte', Buffer.from('a')],
  ['a line', wordText(60)],
  ['a run', new Uint8Array(70_000)],
  ['just less than the buffer', wordText(65_400)],
  ['as much as the buffer', wordText(65_536)],
  ['a little more', wordText(65_600)],
  ['many blocks', wordText(400_000)],
  ['noise', noise(100_000)],
  ['everything', mixture(10_000)],
];

describe.each(LEVELS)('gzip -%i', (level) => {
  it.each(TEXTS)('makes the same of %s', (_, text) => {
    const gzip = execFileSync('gzip', ['-n', `-${level}`], { input: text, maxBuffer: 2 ** 24 });
    expect(predicted(text, profileNumber(0, level)).equals(gzip.subarray(10, -8))).toBe(true);
  });
});

// SHA-256 of what zlib 1.2.13 makes of `mixture(10_000)` at the levels 1 to 9, raw, one behind the other. Memory level, strategy.
it.each([
  [1, '8, Z_DEFAULT_STRATEGY', '0a0a3aa8b770e334bf2ba670fb15acb08f9d8f0cdaafe34aadc9cd5e40aec27d'],
  [2, '9, Z_DEFAULT_STRATEGY', 'f820918eeca2ad6e94f837230d22eac9348505af3b7e689509e22906011f143c'],
  [3, '8, Z_FILTERED', '0690b9d732088ab74edc92df98b54b13b0f63c5bd92d133353202cb0a86c5846'],
  [4, '9, Z_FILTERED', '8978bf3c216763eacdec5edad7f4fce0d75e0170900448dda86e734ad3128641'],
])('family %i is zlib with %s', (family, _, digest) => {
  const all = createHash('sha256');
  for (const level of LEVELS) all.update(predicted(mixture(10_000), profileNumber(family, level)));
  expect(all.digest('hex')).toBe(digest);
});

it('family 1 without matches is zlib with Z_d69493ce8e15d6d00c808efe53c46f18cb632892102952fadb562abcd3e0c41cMAN_ONLY', () => {
  const digest = createHash('sha256').update(predicted(mixture(10_000), profileNumber(1, 0)));
  expect(digest.digest('hex')).toBe('d69493ce8e15d6d00c808efe53c46f18cb632892102952fadb562abcd3e0c41c');
});

it('every family has every level', () => {
  expect(PROFILES.size).toBe(FAMILY_COUNT * LEVEL_COUNT);
});

function predicted(text: Uint8Array, profile: number): Buffer {
  const apart = { plain: padded(text), size: text.length, profile: profileOf(profile), correction: NOTHING };
  return Buffer.concat([...putTogether(apart)]);
}
