import { execFileSync } from 'node:child_process';
import { afterAll, describe, expect, test } from 'vitest';
import { CODECS } from './codecs.ts';
import { decodeDelta } from './decode-delta.ts';
import { bytesSource } from './delta-source.ts';
import { encodeDelta } from './encode-delta.ts';
import { encodeJoint } from './encode-joint.ts';
import { closeDeltaWorkers } from './vcdiff/vcdiff.ts';

afterAll(() => closeDeltaWorkers());

const LEVEL = 19;

/** Lines of words, the same for the same seed. */
function textOf(seed: number, lines: number): string {
  let state = seed * 2_654_435_761 + 1;
  const word = (): string => {
    state = Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + seed;
    return ((state >>> 8) % 5000).toString(36);
  };
  return Array.from({ length: lines }, () => Array.from({ length: 9 }, word).join(' ')).join('\n');
}

async function decoded(source: Uint8Array, container: Uint8Array, size: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of decodeDelta(bytesSource(source), container, size))
    chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

describe('encodeJoint', () => {
  const pages = Array.from({ length: 8 }, (_, i) => textOf(i + 1, 400));
  const note = textOf(99, 60);
  const olds = pages.map((page) => Buffer.from(page));
  const news = pages.map((page, i) =>
    Buffer.from(`${page.slice(0, 1000 * i)}${note}${page.slice(1000 * i)}`),
  );
  const gzipped = (list: readonly Buffer[]): Buffer =>
    Buffer.concat(list.map((page) => execFileSync('gzip', ['-9n'], { input: page })));

  test('has what is new in many files once', async () => {
    const [source, target] = [Buffer.concat(olds), Buffer.concat(news)];
    const joint = await encodeJoint(source, target);
    const alone = await Promise.all(olds.map((old, i) => encodeDelta(old, news[i] as Buffer, LEVEL)));
    const sum = alone.reduce((bytes, delta) => bytes + (delta?.stored.length ?? 0), 0);
    expect(joint?.container.length).toBeLessThan(sum / 4);
    expect(await decoded(source, joint?.container ?? Buffer.alloc(0), target.length)).toEqual(target);
  });

  test('gives what a reader takes, and sees through deflate', async () => {
    const [source, target] = [gzipped(olds), gzipped(news)];
    const joint = await encodeJoint(source, target);
    const container = joint?.container ?? Buffer.alloc(0);
    expect(CODECS.map(({ id }) => id)).toContain(container[1]);
    expect(await decoded(source, container, target.length)).toEqual(target);
    expect(joint?.codec).toBe('inflated');
  });
});
