import type { TimedDelta } from '../timed-pairs.ts';
import { type LogScale, logScale } from './log-scale.ts';
import { drawMark, markOf } from './marks.ts';
import { element, escapeText, label } from './svg.ts';

type Step = 'encode' | 'decode';

interface Ground {
  readonly ink: string;
  readonly soft: string;
  readonly line: string;
  readonly ground: string;
}

const LIGHT: Ground = { ink: '#1f2937', soft: '#6b7280', line: '#e5e7eb', ground: '#ffffff' };
const DARK: Ground = { ink: '#e5e7eb', soft: '#9ca3af', line: '#30363d', ground: '#0d1117' };

const TICK = 0.01;
const PANEL = { width: 250, height: 200 };
const GAP = { x: 34, y: 74 };
const MARGIN = { left: 72, top: 92, right: 20, bottom: 34 };
const STEPS: readonly { readonly step: Step; readonly title: string }[] = [
  { step: 'encode', title: 'processor seconds to make the delta' },
  { step: 'decode', title: 'processor seconds to apply it' },
];
const TITLES: Readonly<Record<string, string>> = {
  xdelta3: 'xdelta3 -9 -S lzma',
  zstd: 'zstd -19 --patch-from',
  ours: 'smallest of our codecs',
};

/**
 * Size of the delta against time, both as factors: a column for each pair, making above applying. Below and left is better. One
 * SVG document that follows the reader's light or dark ground.
 */
export function sizeTimePlot(timed: readonly TimedDelta[]): string {
  const pairs = [...new Set(timed.map(({ pair }) => pair))];
  const methods = [...new Set(timed.map(({ method }) => method))];
  const width = MARGIN.left + pairs.length * (PANEL.width + GAP.x) - GAP.x + MARGIN.right;
  const height = MARGIN.top + STEPS.length * (PANEL.height + GAP.y) - GAP.y + MARGIN.bottom + 20;
  const panels = STEPS.flatMap(({ step, title }, row) => {
    const top = MARGIN.top + row * (PANEL.height + GAP.y);
    const y = logScale(timed.map(shareOf), [top + PANEL.height, top]);
    return pairs.map((pair, column) => {
      const left = MARGIN.left + column * (PANEL.width + GAP.x);
      const x = logScale(
        timed.map((item) => secondsOf(item, step)),
        [left, left + PANEL.width],
      );
      const own = timed.filter((item) => item.pair === pair);
      const points = own.map((item) => ({
        ...item,
        seconds: secondsOf(item, step),
        at: [x.at(secondsOf(item, step)), y.at(shareOf(item))] as const,
      }));
      return element(
        'g',
        {},
        frame({ left, top, x, y, first: column === 0 }),
        label(row === 0 ? pairTitle(pair.name, pair.to.size) : '', { class: 'title', x: left, y: top - 10 }),
        label(title, {
          class: 'axis',
          x: left + PANEL.width / 2,
          y: top + PANEL.height + 34,
          'text-anchor': 'middle',
        }),
        ...points.map(({ method, at, bytes, seconds }) =>
          element(
            'g',
            {},
            element('title', {}, escapeText(`${titleOf(method)}: ${bytes} bytes, ${seconds.toFixed(2)} s`)),
            drawMark(method, at, classOf(method)),
          ),
        ),
      );
    });
  });
  return `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img' },
    element('title', {}, 'Size of a delta against the time to make and to apply it'),
    element('style', {}, styleOf(methods)),
    element('rect', { class: 'ground', width, height, rx: 8 }),
    ...legend(methods, width),
    verticalLabel('delta, share of the new file', height),
    ...panels,
  )}\n`;
}

interface Frame {
  readonly left: number;
  readonly top: number;
  readonly x: LogScale;
  readonly y: LogScale;
  /** Whether the values of the vertical axis are written beside it. */
  readonly first: boolean;
}

function frame({ left, top, x, y, first }: Frame): string {
  const bottom = top + PANEL.height;
  const right = left + PANEL.width;
  const lines = [
    ...x.ticks.map((tick) =>
      element('line', { class: 'grid', x1: x.at(tick), x2: x.at(tick), y1: top, y2: bottom }),
    ),
    ...y.ticks.map((tick) =>
      element('line', { class: 'grid', x1: left, x2: right, y1: y.at(tick), y2: y.at(tick) }),
    ),
  ];
  const texts = [
    ...readable(x).map((tick) =>
      label(number(tick), { class: 'tick', x: x.at(tick), y: bottom + 16, 'text-anchor': 'middle' }),
    ),
    ...(first ? y.ticks : []).map((tick) =>
      label(`${number(tick)} %`, { class: 'tick', x: left - 7, y: y.at(tick) + 4, 'text-anchor': 'end' }),
    ),
  ];
  return [...lines, ...texts].join('');
}

/** All ticks of an axis, or only powers of ten where all would stand too close. */
function readable({ ticks }: LogScale): readonly number[] {
  if (ticks.length <= 8) return ticks;
  return ticks.filter((tick) => Math.abs(Math.log10(tick) - Math.round(Math.log10(tick))) < 1e-6);
}

function legend(methods: readonly string[], width: number): string[] {
  const columns = Math.ceil(methods.length / 2);
  const step = (width - MARGIN.left - MARGIN.right) / columns;
  return methods.map((method, i) => {
    const x = MARGIN.left + (i % columns) * step;
    const y = 24 + Math.floor(i / columns) * 22;
    return element(
      'g',
      {},
      drawMark(method, [x + 6, y - 4], classOf(method)),
      label(titleOf(method), { class: 'legend', x: x + 20, y }),
    );
  });
}

function verticalLabel(text: string, height: number): string {
  const y = (MARGIN.top + height - MARGIN.bottom) / 2;
  return label(text, {
    class: 'axis',
    x: 0,
    y: 0,
    'text-anchor': 'middle',
    transform: `translate(15 ${y}) rotate(-90)`,
  });
}

/** Every colour is said twice, without variables, which renderers other than browsers don't know. */
function styleOf(methods: readonly string[]): string {
  return [
    'text{font-family:system-ui,-apple-system,"Segoe UI",sans-serif;font-size:12px}',
    '.title{font-size:13px;font-weight:600}.tick{font-size:11px}.grid{stroke-width:1}',
    '.hollow{stroke-width:1.8}.solid{stroke-width:1}',
    coloursOf(methods, LIGHT, 0),
    `@media (prefers-color-scheme:dark){${coloursOf(methods, DARK, 1)}}`,
  ].join('');
}

function coloursOf(methods: readonly string[], { ink, soft, line, ground }: Ground, index: 0 | 1): string {
  const marks = methods.map((method) => {
    const colour = markOf(method).colour[index];
    return `.solid.${classOf(method)}{fill:${colour}}.hollow.${classOf(method)}{stroke:${colour}}`;
  });
  return [
    `text{fill:${soft}}.title,.legend{fill:${ink}}.grid{stroke:${line}}`,
    `.ground,.hollow{fill:${ground}}.solid{stroke:${ground}}`,
    ...marks,
  ].join('');
}

function classOf(method: string): string {
  return `m-${method}`;
}

function titleOf(method: string): string {
  return TITLES[method] ?? method;
}

function pairTitle(name: string, size: number): string {
  return `${name.slice(name.lastIndexOf('/') + 1)}, ${(size / 1e6).toFixed(0)} MB`;
}

function shareOf({ bytes, pair }: TimedDelta): number {
  return (100 * bytes) / pair.to.size;
}

/** The kernel counts in steps of this. */
function secondsOf(item: TimedDelta, step: Step): number {
  return Math.max(TICK, item[step].processor);
}

function number(value: number): string {
  return String(Number(value.toPrecision(2)));
}
