import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../byte-string.ts';
import { fromHex, toHex } from '../../digest.ts';
import { noise } from '../../test-noise.ts';
import { VarintWriter } from '../../varint.ts';
import { bytesSource, type DeltaSource } from '../delta-source.ts';
import { align } from './align.ts';
import { RangeEncoder } from './coding/range-encoder.ts';
import { writeCopies } from './copies/copy-coder.ts';
import { CopyList } from './copies/copy-list.ts';
import { NO_LAYOUT } from './references/layout.ts';
import { testProgram } from './test-program.ts';
import { writeWindow } from './window-format.ts';

const OLD_PROGRAM = testProgram({ functions: 300 });
const NEW_PROGRAM = testProgram({ functions: 300, longer: 40 });

async function payloadOf(source: Uint8Array, target: Uint8Array): Promise<Uint8Array> {
  const payload = await align.encode(source, target);
  if (payload === undefined) throw new Error('the codec does not take the pair');
  return payload;
}

async function decoded(source: DeltaSource, payload: Uint8Array, size: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of align.decode(source, payload, size)) chunks.push(Uint8Array.from(chunk));
  return Buffer.concat(chunks);
}

/** What comes back, or the code of the error. */
async function outcome(source: Uint8Array, payload: Uint8Array, size: number): Promise<Uint8Array | string> {
  try {
    return await decoded(bytesSource(source), payload, size);
  } catch (error) {
    return (error as { code?: string }).code ?? 'no code';
  }
}

describe('align', () => {
  const text = bytesOf(
    'It was the best of times, it was the worst of times, it was the age of wisdom.\n'.repeat(40),
  );
  const long = noise(700_000);
  it.each([
    ['equal bytes', text, text],
    [
      'an edited text',
      text,
      Buffer.from(Buffer.from(text).toString('latin1').replaceAll('worst', 'very worst'), 'latin1'),
    ],
    ['nothing in common', noise(2000, 'one'), noise(3000, 'other')],
    ['an empty source', new Uint8Array(0), text],
    ['one byte', text, Uint8Array.of(7)],
    [
      'chunks and pages',
      long,
      Buffer.concat([long.subarray(300_000), noise(70_000, 'new'), long.subarray(0, 299_999)]),
    ],
    ['a program that moved', OLD_PROGRAM, NEW_PROGRAM],
    [
      'a program for another machine',
      testProgram({ functions: 50, machine: 8 }),
      testProgram({ functions: 50, longer: 2, machine: 8 }),
    ],
    [
      'this very interpreter, cut',
      readFileSync(process.execPath).subarray(0, 1_500_000),
      readFileSync(process.execPath).subarray(4096, 1_400_000),
    ],
  ])('gives back %s', async (_, source, target) => {
    const payload = await payloadOf(source, target);
    expect(Buffer.compare(await decoded(bytesSource(source), payload, target.length), target)).toBe(0);
  });

  it('gives back anything that is made of parts of the source', async () => {
    const source = Buffer.concat([OLD_PROGRAM, text]);
    const part = fc.oneof(
      fc.record({ from: fc.nat({ max: source.length - 1 }), length: fc.nat({ max: 3000 }) }),
      fc.uint8Array({ maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(part, { minLength: 1, maxLength: 12 }), async (parts) => {
        const target = Buffer.concat(
          parts.map((one) => ('from' in one ? source.subarray(one.from, one.from + one.length) : one)),
        );
        if (target.length === 0) return;
        const payload = await payloadOf(source, target);
        expect(Buffer.compare(await decoded(bytesSource(source), payload, target.length), target)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('foresees where the references of a program point to', async () => {
    const blind = (program: Uint8Array) => Buffer.concat([Buffer.from('none'), program.subarray(4)]);
    const seeing = await payloadOf(OLD_PROGRAM, NEW_PROGRAM);
    const guessing = await payloadOf(blind(OLD_PROGRAM), blind(NEW_PROGRAM));
    expect(seeing.length).toBeLessThan(guessing.length / 2);
  });

  it('loses only bytes to a program that lies about itself', async () => {
    for (const at of [18, 32, 40, 56, 72, 80, 96, 104, 120]) {
      const lie = (program: Uint8Array) => {
        const copy = Uint8Array.from(program);
        copy.set([0xff, 0xff, 0xff, 0x7f], at);
        return copy;
      };
      const target = lie(NEW_PROGRAM);
      const payload = await payloadOf(lie(OLD_PROGRAM), target);
      expect(await decoded(bytesSource(lie(OLD_PROGRAM)), payload, target.length)).toEqual(
        Buffer.from(target),
      );
    }
  });

  it('gives the same bytes at each run', async () => {
    expect(await payloadOf(OLD_PROGRAM, NEW_PROGRAM)).toEqual(await payloadOf(OLD_PROGRAM, NEW_PROGRAM));
  });

  it('reads no more of the source than the copies need, by position', async () => {
    const size = 4 * 2 ** 20;
    const source = noise(size);
    const target = source.subarray(size - 100_000);
    const payload = await payloadOf(source, target);
    let read = 0;
    const counting = bytesSource(source);
    const counted: DeltaSource = {
      size,
      read(buffer, position) {
        const count = counting.read(buffer, position);
        read += count;
        return count;
      },
    };
    expect(await decoded(counted, payload, target.length)).toEqual(Buffer.from(target));
    expect(read).toBeLessThan(200_000);
  });
});

describe('a damaged payload of align', () => {
  const pairs = [
    [
      'text',
      bytesOf('one two three four five six seven eight nine ten\n'.repeat(6)),
      bytesOf(`${'one two three four five six seven eight nine ten\n'.repeat(5)}and eleven\n`),
    ],
    ['program', testProgram({ functions: 20 }), testProgram({ functions: 20, longer: 3 })],
  ] as const;

  it.each(pairs)('(%s) makes no more than is wanted, or fails with bad-delta', async (_, source, target) => {
    const payload = await payloadOf(source, target);
    const allowed = (result: Uint8Array | string) =>
      typeof result === 'string' ? result === 'bad-delta' : result.length <= target.length;
    for (let bit = 0; bit < 8 * payload.length; bit += 1) {
      const flipped = Uint8Array.from(payload);
      flipped[bit >> 3] = (flipped[bit >> 3] as number) ^ (1 << (bit & 7));
      expect(allowed(await outcome(source, flipped, target.length))).toBe(true);
    }
    for (let length = 0; length < payload.length; length += 1)
      expect(allowed(await outcome(source, payload.subarray(0, length), target.length))).toBe(true);
  });

  it.each([
    ['is empty', ''],
    ['has more than it needs', '00'],
  ])('is refused where it %s', async (kind, extra) => {
    const [, source, target] = pairs[0];
    const payload =
      kind === 'is empty'
        ? new Uint8Array(0)
        : Buffer.concat([await payloadOf(source, target), fromHex(extra) ?? new Uint8Array(0)]);
    expect(await outcome(source, payload, target.length)).toBe('bad-delta');
  });

  it('is refused where it has pages of a large source read again and again', async () => {
    const size = 64 * 2 ** 20;
    const copies = new CopyList();
    for (let index = 0; index < 100_000; index += 1) copies.add(index, (index * 2 ** 14) % size, 1);
    const structure = new RangeEncoder();
    writeCopies(structure, copies);
    const writer = new VarintWriter();
    const header = { start: 0, source: size, target: copies.count, whole: true };
    const streams = { structure: structure.finish(), differences: new Uint8Array(0) };
    writeWindow(writer, header, { layout: NO_LAYOUT, copies: copies.count, ...streams });
    let reads = 0;
    const source: DeltaSource = {
      size,
      read(buffer) {
        reads += 1;
        return buffer.length;
      },
    };
    await expect(decoded(source, writer.take(), copies.count)).rejects.toMatchObject({ code: 'bad-delta' });
    expect(reads).toBeLessThan(80_000);
  });
});

it('has the bytes that the specification shows', async () => {
  const payload = await payloadOf(bytesOf('Hello, world!'), bytesOf('Hello, world! This is a test.'));
  expect(toHex(payload)).toMatchInlineSnapshot(`"00000103007fffb4302054686973206973206120746573742e"`);
});
