import type { BenchResult, SetFigures } from './bench-result.ts';
import { type Check, formatMark, formatValue, verdictOf } from './check.ts';
import type { PairFigures } from './pair-figures.ts';
import { type Sum, sumOf, sumsBy } from './sums.ts';
import type { Table } from './table.ts';
import type { Times } from './time-checks.ts';
import type { Cost } from './timed-pairs.ts';

/** Rows of a table of single files. */
const LARGEST = 24;
const BYTE_HEAD = ['new bytes', 'fullfiles', 'xdelta3', 'bsdiff', 'zstd', 'best of peers', 'ours', 'of best'];
const COST_HEAD = ['s', 'cpu s', 'MB'];
const CODEC_OF_NONE = 'fullfile';

/** Everything that a run tells, in the order of a page. */
export function resultTables({ sets, times, checks }: BenchResult): Table[] {
  return [
    ...(checks.length > 0 ? [checkTable(checks)] : []),
    ...sets.flatMap(setTables),
    ...(times === undefined ? [] : [timeTable(times)]),
  ];
}

export function checkTable(checks: readonly Check[]): Table {
  return {
    title: 'What has to be reached',
    head: ['figure', 'bar', 'goal', 'measured', ''],
    rows: checks.map((check) => [
      check.figure,
      formatMark(check, check.bar),
      check.goal === undefined ? '' : formatMark(check, check.goal),
      formatValue(check.measured, check.unit),
      verdictOf(check),
    ]),
  };
}

function setTables({ name, figures, note }: SetFigures): Table[] {
  const largest = [...figures].sort((a, b) => b.bytes.ours - a.bytes.ours).slice(0, LARGEST);
  const classes = sumsBy(figures, ({ pair }) => pair.class);
  const all = classes.length > 1 ? [['all', sumOf(figures)] as [string, Sum]] : [];
  const kinds = sumsBy(figures, ({ pair }) => kindName(pair));
  return [
    {
      title: `${name}: bytes by class${note === undefined ? '' : ` (${note})`}`,
      head: ['class', 'files', ...BYTE_HEAD],
      rows: [...classes, ...all].map(([key, sum]) => [key, count(sum.files), ...byteCells(sum)]),
    },
    ...(kinds.length > classes.length
      ? [
          {
            detail: true,
            title: `${name}: bytes by kind, those of at least 0.5 % of ours`,
            head: ['kind', 'files', ...BYTE_HEAD],
            rows: kinds
              .filter(([, sum]) => sum.bytes.ours * 200 >= sumOf(figures).bytes.ours)
              .map(([key, sum]) => [key, count(sum.files), ...byteCells(sum)]),
          },
        ]
      : []),
    {
      detail: true,
      title: `${name}: ${figures.length > LARGEST ? 'the largest of our deltas' : 'each file'}`,
      head: ['file', ...BYTE_HEAD, 'share', 'codec'],
      rows: largest.map((figure) => [
        figure.pair.name,
        ...byteCells(sumOf([figure])),
        percent(figure.bytes.ours, figure.pair.to.size),
        figure.codec,
      ]),
    },
    codecTable(name, figures),
  ];
}

/** For each class, how many files each codec won, and the bytes that there would be with it as the only codec. */
function codecTable(name: string, figures: readonly PairFigures[]): Table {
  const classes = [...Map.groupBy(figures, ({ pair }) => pair.class)];
  const codecs = [
    ...new Set(figures.flatMap(({ codec, attempts }) => [codec, ...Object.keys(attempts)])),
  ].sort();
  return {
    title: `${name}: which codec won where, and what each would make alone`,
    head: ['codec', ...classes.flatMap(([key]) => [`${key}: won`, `won bytes`, `bytes alone`])],
    rows: codecs.map((codec) => [
      codec === CODEC_OF_NONE ? 'none (fullfile)' : codec,
      ...classes.flatMap(([, group]) => {
        const won = group.filter((figure) => figure.codec === codec);
        return [won.length, sumOf(won).bytes.ours, bytesAlone(group, codec)].map(count);
      }),
    ]),
  };
}

function bytesAlone(figures: readonly PairFigures[], codec: string): number {
  return figures.reduce(
    (sum, { fullfile, attempts }) => sum + Math.min(fullfile, attempts[codec] ?? fullfile),
    0,
  );
}

function timeTable({ bare, timed }: Times): Table {
  return {
    title: `Time and memory, each step in a process of its own (a bare process of Node: ${megabytes(bare)} MB)`,
    head: [
      'file',
      'by',
      'bytes',
      'share',
      ...COST_HEAD.map((head) => `encode ${head}`),
      ...COST_HEAD.map((head) => `decode ${head}`),
      'MB/s',
    ],
    rows: timed.map(({ pair, method, bytes, encode, decode, rate }) => [
      pair.name,
      method,
      count(bytes),
      percent(bytes, pair.to.size),
      ...costCells(encode),
      ...costCells(decode),
      rate === undefined ? '' : megabytes(rate),
    ]),
  };
}

function costCells({ seconds, processor, memory }: Cost): string[] {
  return [seconds.toFixed(2), processor.toFixed(2), megabytes(memory)];
}

function byteCells({ size, fullfile, bytes, bestPeer }: Sum): string[] {
  const figures = [size, fullfile, bytes.xdelta3, bytes.bsdiff, bytes.zstd, bestPeer, bytes.ours];
  return [...figures.map(count), (bytes.ours / bestPeer).toFixed(3)];
}

function kindName({ class: own, kind }: PairFigures['pair']): string {
  return own === 'other' ? kind : `${own} ${kind}`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(2)} %`;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(0);
}
