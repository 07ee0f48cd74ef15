import { expect, test } from 'vitest';
import { formatRows } from '../cli/show/format-rows.ts';
import { summaryRows } from '../cli/show/summary-rows.ts';
import { noise, openLab } from '../test-build.ts';

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'];
const MORE = noise(2000, 99);

/** Pages that all get the same text; packed with what is different in each, it looks different in each delta. */
function pages(version: 'old' | 'new'): Record<string, string> {
  const more = (index: number) => (version === 'old' ? '' : `${noise(9 * index, index)}${MORE}`);
  return Object.fromEntries(
    NAMES.map((name, index) => [`os-core/usr/doc/${name}`, noise(3000, index) + more(index)]),
  );
}

function sizeOf(version: 'old' | 'new'): number {
  return Object.values(pages(version)).join('').length;
}

test('a joint delta that two updates have is made, counted and reported once', async () => {
  using lab = openLab();
  lab.write({ ...pages('old'), 'os-core/usr/lib/x.so': 'first' });
  await lab.build(10);
  lab.write({ 'os-core/usr/lib/x.so': 'second' });
  await lab.build(20);
  lab.write(pages('new'));
  const totals: number[] = [];
  const { summary, joints } = await lab.build(30, {
    progress: {
      report: ({ stage, total }) => totals.push(stage === 'joint deltas' ? (total ?? 0) : 0),
      finish: () => {},
    },
  });
  const [oldSize, newSize] = [sizeOf('old'), sizeOf('new')];
  expect(Math.max(...totals)).toBe(oldSize + newSize);
  const [joint] = joints;
  const paths = NAMES.map((name) => `/usr/doc/${name}`);
  expect(joints).toEqual([
    { paths, oldPaths: paths, oldSize, newSize, delta: expect.any(Number), codec: 'zstd-patch' },
  ]);
  const sum = { count: 1, bytes: joint?.delta };
  expect(summary.updates.map(({ from }) => from)).toEqual([20, 10]);
  expect(summary.jointDeltas).toEqual(sum);
  expect(summary.deltaCodecs.filter((part) => part.joint)).toEqual([
    { codec: 'zstd-patch', joint: true, ...sum },
  ]);
  expect(formatRows(summaryRows(summary, { times: {}, peakMemory: 0 }))).toMatch(
    /^joint deltas +1 .*\n {2}by zstd-patch +1 .*\npacks/m,
  );
});
