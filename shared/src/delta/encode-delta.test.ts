import { afterAll, describe, expect, it } from 'vitest';
import { noise } from '../test-noise.ts';
import { bytesSource, codecNameOf, encodeDelta, encodeDeltaWindowed } from './index.ts';
import { closeDeltaWorkers } from './vcdiff/vcdiff.ts';

const KIB = 1024;
const SOURCE = noise(500 * KIB, 'source');
const TARGET = Buffer.concat([
  Buffer.from('something new'),
  SOURCE.subarray(200 * KIB),
  SOURCE.subarray(0, 200 * KIB),
]);
const LEVEL = 19;

afterAll(() => closeDeltaWorkers());

describe('encodeDelta', () => {
  it('tells what was tried, and keeps the smallest', async () => {
    let time = 0;
    const delta = await encodeDelta(SOURCE, TARGET, LEVEL, { now: () => (time += 1500) });
    const sizes = delta?.attempts.flatMap(({ bytes }) => (bytes === undefined ? [] : [bytes])) ?? [];
    expect(delta?.stored.length).toBe(Math.min(...sizes));
    expect(delta?.attempts.find(({ bytes }) => bytes === delta.stored.length)?.codec).toBe(delta?.codec);
    expect(delta?.attempts.every(({ seconds }) => seconds === 1.5)).toBe(true);
    expect(codecNameOf(delta?.container ?? SOURCE)).toBe(delta?.codec);
  });

  it('spares programs what has never gained there', async () => {
    const program = Buffer.concat([Buffer.from('\x7fELF', 'latin1'), TARGET]);
    const delta = await encodeDelta(SOURCE, program, LEVEL);
    const tried = delta?.attempts.map(({ codec }) => codec) ?? [];
    expect(tried).toContain('align');
    expect(tried).not.toContain('zstd-patch');
  });

  it('gives nothing where the memory does not allow anything', async () => {
    expect(await encodeDelta(SOURCE, TARGET, LEVEL, { memory: KIB })).toBeUndefined();
  });
});

describe('encodeDeltaWindowed', () => {
  it('gives by positional reads what the codecs give that need no more', async () => {
    const reads = { source: 0, target: 0 };
    const counting = (side: keyof typeof reads, bytes: Uint8Array) => ({
      size: bytes.length,
      read(buffer: Uint8Array, position: number) {
        reads[side] += buffer.length;
        return bytesSource(bytes).read(buffer, position);
      },
    });
    const delta = await encodeDeltaWindowed(counting('source', SOURCE), counting('target', TARGET), LEVEL);
    expect(delta?.codec).toBe('zstd-patch');
    expect(delta?.stored.length).toBeLessThan(2000);
    expect(Math.max(reads.source, reads.target)).toBeLessThan(2000 * KIB);
  });
});
