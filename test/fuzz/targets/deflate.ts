import { constants, deflateRawSync } from 'node:zlib';
import {
  chooseProfile,
  type DeflateStream,
  type EncoderProfile,
  PLAIN_PADDING,
  PROFILES,
  putTogether,
  readDeflate,
  takeApart,
} from '../../../shared/src/deflate/index.ts';
import { Finding } from '../finding.ts';
import type { FuzzCase, NamedCase } from '../fuzz-case.ts';
import type { FuzzTarget } from '../fuzz-target.ts';
import { PAIRS } from './pairs.ts';

const PROFILE_NUMBERS = [...PROFILES.keys()];
/** Plain bytes of a stream that is read. */
const PLAIN_MAX = 64 * 1024;

/**
 * Puts a deflate stream together. The source is its plain text, the payload the number of its profile and then its correction,
 * and the target size bounds the stream.
 */
export const putTogetherTarget: FuzzTarget = {
  name: 'put-together',

  run({ source, payload, targetSize }) {
    const profile = PROFILES.get(payload[0] ?? 0);
    if (profile === undefined) return undefined;
    const plain = new Uint8Array(source.length + PLAIN_PADDING);
    plain.set(source);
    const apart = { plain, size: source.length, profile, correction: payload.subarray(1) };
    return collect(putTogether(apart), targetSize);
  },

  async makeSeeds() {
    return streams().flatMap(({ name, stream }): NamedCase[] => {
      const read = readDeflate(stream, 0, PLAIN_MAX);
      const choice = read === undefined ? undefined : chooseProfile(read);
      if (read === undefined || choice === undefined) return [];
      const { profile, correction } = choice;
      const payload = Uint8Array.from([profile, ...correction]);
      const source = read.plain.slice(0, read.size);
      return [{ name, source, payload, targetSize: stream.length, reads: 'whole' }];
    });
  },

  mutations: [
    (input, random) => ({
      ...input,
      payload: Uint8Array.from([random.pick(PROFILE_NUMBERS), ...input.payload.subarray(1)]),
    }),
  ],
};

/** Takes any stream apart, and has to get the same bits out of what that gives. The payload is the stream. */
export const takeApartTarget: FuzzTarget = {
  name: 'take-apart',

  run({ payload, targetSize }) {
    const stream = readDeflate(payload, 0, PLAIN_MAX);
    if (stream === undefined) return undefined;
    const profile = PROFILES.get(PROFILE_NUMBERS[targetSize % PROFILE_NUMBERS.length] ?? 0);
    if (profile === undefined) return undefined;
    const { plain, size } = stream;
    const correction = correctionOf(stream, profile);
    if (correction === undefined) return undefined;
    const made = collect(putTogether({ plain, size, profile, correction }), stream.length);
    if (made === undefined || Buffer.compare(made, payload.subarray(0, stream.length)) !== 0)
      throw new Finding('unstable', 'a stream comes back with other bits');
    return made;
  },

  async makeSeeds() {
    return streams().map(({ name, stream }, index) => {
      const source = new Uint8Array(0);
      return { name, source, payload: stream, targetSize: index * 7, reads: 'whole' };
    });
  },
};

/** Undefined where it takes too long. */
function correctionOf(stream: DeflateStream, profile: EncoderProfile): Uint8Array | undefined {
  try {
    return takeApart(stream, profile).correction;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Undefined where the parts are damaged, or make more than `max` bytes. */
function collect(parts: Iterable<Uint8Array>, max: FuzzCase['targetSize']): Buffer | undefined {
  const all: Uint8Array[] = [];
  let size = 0;
  try {
    for (const part of parts) {
      size += part.length;
      if (size > max) return undefined;
      all.push(part);
    }
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
  return Buffer.concat(all);
}

/** Streams of each kind of block, by several settings of zlib. */
function streams(): { readonly name: string; readonly stream: Uint8Array }[] {
  const { Z_DEFAULT_STRATEGY, Z_FILTERED, Z_FIXED, Z_HUFFMAN_ONLY, Z_RLE } = constants;
  const settings = [
    { level: 0 },
    { level: 1 },
    { level: 4 },
    { level: 9, strategy: Z_DEFAULT_STRATEGY },
    { level: 6, strategy: Z_FIXED },
    { level: 6, strategy: Z_FILTERED, memLevel: 1 },
    { level: 6, strategy: Z_HUFFMAN_ONLY },
    { level: 9, strategy: Z_RLE, memLevel: 9 },
  ];
  return settings.map((options, index) => {
    const { name, target } = PAIRS[index] ?? { name: 'nothing', target: new Uint8Array(0) };
    return { name: `${name}-${index}`, stream: deflateRawSync(target, options) };
  });
}
