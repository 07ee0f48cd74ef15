import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { bytesOf } from '../../byte-string.ts';
import { toHex } from '../../digest.ts';
import { noise } from '../../test-noise.ts';
import { bytesSource } from '../delta-source.ts';
import { closeDeltaWorkers, VCDIFF_LIMITS, vcdiff } from './vcdiff.ts';

const MIB = 1024 * 1024;

afterAll(() => closeDeltaWorkers());

describe('vcdiff', () => {
  it('gives the same bytes on every machine', async () => {
    const payload = await vcdiff.encode(bytesOf('Hello, world!'), bytesOf('Hello, world! This is a test.'));
    expect(toHex(payload ?? bytesOf(''))).toBe(
      'd6c3c40000010d00181d001002012054686973206973206120746573742e1d1100',
    );
  });

  it('round-trips any pair', async () => {
    const pair = fc.tuple(fc.uint8Array({ maxLength: 300 }), fc.uint8Array({ maxLength: 300 }));
    await fc.assert(
      fc.asyncProperty(pair, async ([source, target]) => {
        await expectRoundTrip(source, target);
      }),
    );
  });

  it('round-trips an edited file', async () => {
    const edits = fc.array(
      fc.record({ at: fc.nat(50_000), remove: fc.nat(500), insert: fc.uint8Array({ maxLength: 500 }) }),
      {
        maxLength: 12,
      },
    );
    const source = noise(50_000);
    await fc.assert(
      fc.asyncProperty(edits, async (list) => {
        let target = source;
        for (const { at, remove, insert } of list) {
          target = Buffer.concat([target.subarray(0, at), insert, target.subarray(at + remove)]);
        }
        const size = await expectRoundTrip(source, target);
        const inserted = list.reduce((sum, { insert }) => sum + insert.length, 0);
        expect(size).toBeLessThan(inserted + 64 * list.length + 64);
      }),
      { numRuns: 50 },
    );
  });

  const pairs: [string, number, number][] = [
    ['an empty source', 0, 1000],
    ['an empty target', 1000, 0],
    ['two empty files', 0, 0],
    ['the largest of both', VCDIFF_LIMITS.source, VCDIFF_LIMITS.target],
    ['the largest source', VCDIFF_LIMITS.source, 1],
    ['the largest target', 1, VCDIFF_LIMITS.target],
    ['a source at the finest matching', 2 * MIB, 2 * MIB],
    ['a source just above it', 2 * MIB + 1, 2 * MIB],
    ['a source at the middle matching', 3 * MIB, 3 * MIB],
    ['a source just above that', 3 * MIB + 1, 3 * MIB],
  ];
  it.each(pairs)('round-trips %s', async (_, sourceSize, targetSize) => {
    const bytes = noise(Math.max(sourceSize, targetSize));
    await expectRoundTrip(bytes.subarray(0, sourceSize), bytes.subarray(0, targetSize));
  });

  it('leaves out what is above its limits', async () => {
    expect(await vcdiff.encode(new Uint8Array(VCDIFF_LIMITS.source + 1), new Uint8Array(1))).toBeUndefined();
    expect(await vcdiff.encode(new Uint8Array(1), new Uint8Array(VCDIFF_LIMITS.target + 1))).toBeUndefined();
  });

  it('leaves out a pair below its limits that the memory does not take', async () => {
    expect(await vcdiff.encode(noise(4 * MIB), noise(4 * MIB, 'other'))).toBeUndefined();
    await expectRoundTrip(bytesOf('a'), bytesOf('b'));
  });

  it('gives the same payload whatever came before', async () => {
    const [source, target] = [noise(2 * MIB), Buffer.concat([noise(MIB), noise(MIB, 'other')])];
    const warm = await vcdiff.encode(source, target);
    await closeDeltaWorkers();
    const fresh = await vcdiff.encode(source, target);
    expect(Buffer.compare(warm ?? bytesOf(''), fresh ?? bytesOf('x'))).toBe(0);
  });

  it('leaves the bytes of the caller alone', async () => {
    const pool = noise(100_000);
    const [source, target] = [pool.subarray(10, 50_010), pool.subarray(20, 50_020)];
    const payload = (await vcdiff.encode(source, target)) ?? bytesOf('');
    await decoded(source, payload, target.length);
    expect(pool.equals(noise(100_000))).toBe(true);
    expect(payload.length).toBeLessThan(100);
  });
});

async function expectRoundTrip(source: Uint8Array, target: Uint8Array): Promise<number> {
  const payload = await vcdiff.encode(source, target);
  if (payload === undefined) throw new Error('the pair is within the limits');
  expect(Buffer.compare(await decoded(source, payload, target.length), target)).toBe(0);
  return payload.length;
}

/** Bytes without any pattern, the same at every run. */

async function decoded(source: Uint8Array, payload: Uint8Array, targetSize: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of vcdiff.decode(bytesSource(source), payload, targetSize)) chunks.push(chunk);
  return Buffer.concat(chunks);
}
