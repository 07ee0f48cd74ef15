import { noise } from '../test-noise.ts';
import { padPlain } from './block-predictor.ts';
import { PLAIN_PADDING } from './deflate-block.ts';
import { type EncoderProfile, PROFILES } from './encoder-profile.ts';

const WORDS =
  'the of a file stream, block. (tree) lookahead match\n chain 1024 0x7f window, deflate gzip zlib'.split(
    ' ',
  );

/** Words in an order that repeats often and never quite, the same at every run. */
export function wordText(size: number): Uint8Array {
  const parts: string[] = [];
  let state = 12345;
  for (let length = 0; length < size; length += parts.at(-1)?.length ?? 1) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    const index = Math.min(state >>> 16, (state >>> 7) & 0xffff) % WORDS.length;
    parts.push(`${WORDS[index]} `);
  }
  return Buffer.from(parts.join('')).subarray(0, size);
}

/** Text, noise, runs and text again, 18 times `unit` bytes: all types of blocks, from 5000 on over more than one window. */
export function mixture(unit: number): Uint8Array {
  const parts = [
    wordText(9 * unit),
    noise(4 * unit),
    new Uint8Array(2 * unit),
    wordText(3 * unit),
    noise(500),
  ];
  return Buffer.concat(parts);
}

/** The text as a search wants it. */
export function padded(text: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(text.length + PLAIN_PADDING);
  bytes.set(text);
  padPlain(bytes, text.length);
  return bytes;
}

export function profileOf(number: number): EncoderProfile {
  const profile = PROFILES.get(number);
  if (profile === undefined) throw new Error(`there is no profile ${number}`);
  return profile;
}
