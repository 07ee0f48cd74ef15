import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { bytesOf } from '../byte-string.ts';
import { decompress } from '../compression.ts';
import {
  bytesSource,
  CODECS,
  closeDeltaWorkers,
  DELTA_ERRORS,
  DeltaError,
  decodeDelta,
  encodeDelta,
} from './index.ts';

const MIB = 1024 * 1024;
const SOURCE = bytesOf('The quick brown fox jumps over the lazy dog. '.repeat(40));
const TARGET = bytesOf(
  `${'The quick brown fox jumps over the lazy cat. '.repeat(3)}${SOURCE.toString('latin1', 90)} The end.`,
);

// The example of `manifests/spec/delta.md`.
const HELLO = {
  source: plain('Hello, world!'),
  target: plain('Hello, world! This is a test.'),
  container: Buffer.from('d201d6c3c40000010d00181d001002012054686973206973206120746573742e1d1100', 'hex'),
};
/** The same by two other codecs. */
const HELLO_BY_OTHERS = [
  [
    'zstd-patch',
    '0000000000000000' +
      '0d000000' +
      '1d000000' +
      '20000000' +
      '28b52ffd201dbd000088482054686973206973206120746573742e0100c04d21',
  ],
  ['align', '00000103007fffb4302054686973206973206120746573742e'],
] as const;

afterAll(() => closeDeltaWorkers());

describe('encodeDelta and decodeDelta', () => {
  it.each(HELLO_BY_OTHERS)('make the example of the specification by %s', async (name, payload) => {
    const codec = CODECS.find((one) => one.name === name);
    const made = await codec?.encode(HELLO.source, HELLO.target);
    expect(Buffer.from(made ?? []).toString('hex')).toBe(payload);
  });

  it('keep the smallest of all codecs', async () => {
    const delta = await encodeDelta(HELLO.source, HELLO.target, 19);
    expect(delta?.codec).toBe('align');
    expect(delta?.stored.length).toBe(
      Math.min(...(delta?.attempts ?? []).map(({ bytes = Infinity }) => bytes)),
    );
  });

  it('apply the example of the specification', async () => {
    expect((await decoded(HELLO.source, HELLO.container, HELLO.target.length)).equals(HELLO.target)).toBe(
      true,
    );
  });

  it('keep a delta stored by the rule of the repository', async () => {
    const { container, stored } = await encoded();
    expect(stored.length).toBeLessThanOrEqual(container.length);
    expect(Buffer.compare(decompress(stored, container.length), container)).toBe(0);
  });

  it('give nothing where a delta is not worth its time', async () => {
    expect(await encodeDelta(new Uint8Array(200 * MIB), TARGET, 1)).toBeUndefined();
  });

  it('take a pair that not all codecs take', async () => {
    const source = createHash('shake256', { outputLength: 5 * MIB }).digest();
    const target = Buffer.concat([TARGET, source.subarray(MIB), source.subarray(0, MIB)]);
    const delta = await encodeDelta(source, target, 19);
    expect(delta?.codec).not.toBe('vcdiff');
    expect(delta?.stored).toBe(delta?.container);
    expect(delta?.stored.length).toBeLessThan(2_000);
    expect((await decoded(source, delta?.container ?? source, target.length)).equals(target)).toBe(true);
  });

  it('know each codec by one byte and one name', () => {
    expect(new Set(CODECS.map(({ id }) => id)).size).toBe(CODECS.length);
    expect(new Set(CODECS.map(({ name }) => name)).size).toBe(CODECS.length);
  });
});

describe('a hostile delta', () => {
  it('of an unknown codec is refused', async () => {
    const container = Buffer.from((await encoded()).container);
    container[1] = 250;
    await expect(decoded(SOURCE, container, TARGET.length)).rejects.toMatchObject({
      code: 'unknown-codec',
      exit: 17,
    });
  });

  it('for another size is refused', async () => {
    const { container } = await encoded();
    for (const size of [0, 1, TARGET.length - 1, TARGET.length + 1, 4_000_000, 2 ** 40]) {
      await expect(decoded(SOURCE, container, size)).rejects.toMatchObject({
        code: 'bad-delta',
        exit: 17,
      });
    }
  });

  it('that makes gigabytes out of a few bytes is refused at the size that is wanted', async () => {
    // RFC 3284: windows without a source, each one RUN of 2 MiB zeros.
    const window = bytesOf('\0\x0e\x81\x80\x80\0\0\x01\x05\0\0\0\x81\x80\x80\0');
    const bomb = (windows: number) => {
      const header = HELLO.container.subarray(0, 2);
      return Buffer.concat([header, bytesOf('\xd6\xc3\xc4\0\0'), ...Array<Buffer>(windows).fill(window)]);
    };
    expect((await decoded(SOURCE, bomb(2), 4 * MIB)).length).toBe(4 * MIB);
    await expect(decoded(SOURCE, bomb(3), 4 * MIB)).rejects.toMatchObject({ code: 'bad-delta' });
    await expect(decoded(SOURCE, bomb(100_000), 4 * MIB)).rejects.toMatchObject({ code: 'bad-delta' });
  });

  it('that is cut off anywhere is refused', async () => {
    for (let size = 0; size < HELLO.container.length; size += 1) {
      await expect(
        decoded(HELLO.source, HELLO.container.subarray(0, size), HELLO.target.length),
      ).rejects.toBeInstanceOf(DeltaError);
    }
  });

  it('with a bit turned is refused, or gives the announced size for the digest to judge', async () => {
    // Every third bit: each byte, and each position in a byte.
    for (let bit = 0; bit < HELLO.container.length * 8; bit += 3) {
      const turned = Buffer.from(HELLO.container);
      turned.writeUInt8(turned.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      await expectHarmless(turned);
    }
    expect((await decoded(HELLO.source, HELLO.container, HELLO.target.length)).equals(HELLO.target)).toBe(
      true,
    );
  }, 60_000);

  it('of any payload is harmless', async () => {
    const start = Buffer.concat([HELLO.container.subarray(0, 2), bytesOf('\xd6\xc3\xc4\0\0')]);
    const container = fc.uint8Array({ maxLength: 200 }).map((tail) => Buffer.concat([start, tail]));
    await fc.assert(fc.asyncProperty(container, expectHarmless), { numRuns: 40 });
  }, 60_000);
});

it('every code of the delta errors can be thrown', () => {
  for (const code of Object.keys(DELTA_ERRORS) as (keyof typeof DELTA_ERRORS)[]) {
    expect(new DeltaError(code, 'text').exit).toBe(DELTA_ERRORS[code].exit);
  }
});

function plain(text: string): Uint8Array {
  return new Uint8Array(bytesOf(text));
}

async function encoded() {
  const delta = await encodeDelta(SOURCE, TARGET, 19);
  if (delta === undefined) throw new Error('the pair is within the limits');
  return delta;
}

async function expectHarmless(container: Uint8Array): Promise<void> {
  try {
    expect((await decoded(HELLO.source, container, HELLO.target.length)).length).toBe(HELLO.target.length);
  } catch (error) {
    if (!(error instanceof DeltaError)) throw error;
    expect(['bad-delta', 'unknown-codec']).toContain(error.code);
  }
}

/** All that a delta gives. */
async function decoded(source: Uint8Array, container: Uint8Array, targetSize: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of decodeDelta(bytesSource(source), container, targetSize))
    chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
