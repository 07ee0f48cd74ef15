import type { Digest } from '@swupd/shared';
import { expect, test } from 'vitest';
import type { TimedDelta } from '../timed-pairs.ts';
import { sizeTimePlot } from './size-time-plot.ts';

function timed(name: string, method: string, bytes: number): TimedDelta {
  const file = { path: `/${name}`, size: 10_000_000, digest: name as Digest };
  const cost = { seconds: 1, processor: bytes / 1e5, memory: 1 };
  const pair = { name, from: file, to: file, class: 'ELF', kind: 'program' } as const;
  return { pair, method, bytes, encode: cost, decode: cost };
}

// One object for each pair, as the benchmark has it.
const A = timed('usr/bin/a<b', 'bsdiff', 200_000);
const POINTS = [A, { ...timed('usr/bin/a<b', 'ours', 100_000), pair: A.pair }, timed('b', 'bsdiff', 300_000)];

test('each point is drawn for making and for applying, and each method once in the legend', () => {
  const svg = sizeTimePlot(POINTS);
  expect(svg.match(/class="mark /g)).toHaveLength(2 * POINTS.length + 2);
  expect(svg).toContain('bsdiff: 200000 bytes, 2.00 s');
});

test('names are text, whatever they hold, and no place is unknown', () => {
  const svg = sizeTimePlot(POINTS);
  expect(svg).toContain('a&lt;b, 10 MB');
  expect(svg).not.toContain('NaN');
});

test('a smaller delta stands lower', () => {
  const heights = [
    ...sizeTimePlot(POINTS).matchAll(/<title>(bsdiff|smallest)[^<]*<\/title><polygon[^>]*points="([^"]*)"/g),
  ];
  const top = (points: string): number => Number(points.split(' ')[0]?.split(',')[1]);
  const [bsdiff, ours] = heights.slice(0, 2).map(([, , points = '']) => top(points));
  expect(ours).toBeGreaterThan(bsdiff ?? 0);
});
