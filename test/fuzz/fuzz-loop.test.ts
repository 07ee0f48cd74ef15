import { expect, test } from 'vitest';
import { decodeGuarded } from './decode-guarded.ts';
import { EdgeMap } from './edges/edge-map.ts';
import { MemoryMeter } from './edges/memory-meter.ts';
import type { FuzzCase, NamedCase } from './fuzz-case.ts';
import { fuzz } from './fuzz-loop.ts';
import type { FuzzTarget } from './fuzz-target.ts';
import { Random } from './random.ts';

const SEED: NamedCase = {
  name: 'seed',
  source: Buffer.from('source'),
  payload: Buffer.from('payload!'),
  targetSize: 8,
  reads: 'whole',
};

/** Fuzzes what `make` gives for a place to count branches at. */
async function run(
  make: (coverage: TestCoverage) => FuzzTarget['run'],
  { executions = 3000, guided = true, seed = SEED } = {},
) {
  const coverage = { edges: new EdgeMap(), memory: new MemoryMeter() };
  if (guided) coverage.edges.add(8);
  const target = { name: 'planted', run: make(coverage), makeSeeds: async () => [seed] };
  return fuzz(target, {
    seeds: { made: [seed], found: [] },
    random: new Random(1),
    coverage,
    executions,
    isOver: () => false,
    announce: () => {},
  });
}

interface TestCoverage {
  readonly edges: EdgeMap;
  readonly memory: MemoryMeter;
}

/** A decoder that gives its payload, and does `fault` where the payload says so. */
function decoderWith(fault: (input: FuzzCase) => Uint8Array | undefined): FuzzTarget['run'] {
  return (input) => (input.payload[0] === 0x70 ? input.payload : fault(input));
}

test.each<[string, (input: FuzzCase, coverage: TestCoverage) => Uint8Array | undefined]>([
  [
    'exception: TypeError: broken',
    () => {
      throw new TypeError('broken');
    },
  ],
  ['unstable: the same case gives two results', () => Buffer.from([Math.random() * 256])],
  ['amplified: takes N bytes of memory', (_, { memory }) => memory.allocated(new Uint8Array(70_000_000))],
])('the fault %s is found', async (key, fault) => {
  const { findings } = await run((coverage) => decoderWith((input) => fault(input, coverage)), {
    executions: 600,
  });
  expect(findings.map((found) => found.key)).toEqual([key]);
});

test.each<[string, (input: FuzzCase, read: (length: number, at: number) => number) => Iterable<Uint8Array>]>([
  ['bad-read: N bytes at N of N', (_, read) => [new Uint8Array(read(2, 5))]],
  ['bad-read: N bytes at N of N', (_, read) => [new Uint8Array(read(1, -1))]],
  ['too-much: more than N bytes', () => [new Uint8Array(7), new Uint8Array(2)]],
  ['too-much: N chunks', () => Array<Uint8Array>(5000).fill(new Uint8Array(0))],
  [
    'amplified: N bytes of the source in N reads',
    (_, read) => {
      for (let round = 0; round < 1e6; round += 1) read(6, 0);
      return [];
    },
  ],
])('a decoder with the fault %s is found', async (key, chunks) => {
  const { findings } = await run(
    () => (input) =>
      decodeGuarded(
        {
          async *decode(source, payload) {
            if (payload[0] === 0x70) yield payload;
            else yield* chunks(input, (length, at) => source.read(new Uint8Array(length), at));
          },
        },
        input.targetSize === 8 ? input : { ...input, targetSize: 8 },
      ),
    { executions: 20 },
  );
  expect(findings.map((found) => found.key)).toContain(key);
});

/** Fails behind three comparisons, each of them a branch. */
function maze({ edges }: TestCoverage): FuzzTarget['run'] {
  const keys = [0xc3, 0x28, 0xa0];
  return ({ payload }) => {
    for (const [step, key] of keys.entries()) {
      if (payload[step] !== key) return payload;
      if (edges.next > step) edges.counters[step] = 1;
    }
    throw new Error('the end of the maze');
  };
}

test('branches lead to a fault that chance does not find', async () => {
  const seed = { ...SEED, payload: Buffer.from('seed') };
  const guided = await run(maze, { executions: 150_000, seed });
  expect(guided.findings.map(({ key }) => key)).toEqual(['exception: Error: the end of the maze']);
  expect(guided.findings[0]?.input.payload.length).toBe(3);
  expect(guided.edges).toEqual({ seen: 2, all: 8 });
  const blind = await run(maze, { executions: 150_000, guided: false, seed });
  expect(blind.findings).toEqual([]);
});

test('the same seed gives the same run', async () => {
  const [one, other] = [await run(maze), await run(maze)];
  expect({ ...one, seconds: 0 }).toEqual({ ...other, seconds: 0 });
});

test('every turned bit and every truncation of a seed is tried', async () => {
  const { small, executions } = await run(
    () =>
      ({ payload }) =>
        payload.length < 8 ? undefined : payload,
    {
      executions: 0,
    },
  );
  expect(small).toEqual({ refused: 8, exact: 0, other: 64 });
  expect(executions).toBe(73);
});

test('a decoder that refuses what its encoder made is found', async () => {
  const { findings } = await run(() => () => undefined, { executions: 0 });
  expect(findings.map(({ key }) => key)).toEqual(["refused-seed: its own delta 'seed' is refused"]);
});
