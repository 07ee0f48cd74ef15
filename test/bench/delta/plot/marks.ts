import { element } from './svg.ts';

/** How points of one method are drawn: by shape as well as by colour, so that neither is needed alone. */
export interface Mark {
  readonly shape: 'circle' | 'square' | 'triangle' | 'diamond' | 'star';
  /** Colour on a light ground and on a dark one. */
  readonly colour: readonly [light: string, dark: string];
  /** Only its outline. */
  readonly hollow: boolean;
}

/** Peers are outlines in grey, our codecs are filled, and what a device gets is the star. */
const KNOWN: Readonly<Record<string, Mark>> = {
  xdelta3: { shape: 'square', colour: ['#6b7280', '#9ca3af'], hollow: true },
  bsdiff: { shape: 'diamond', colour: ['#6b7280', '#9ca3af'], hollow: true },
  zstd: { shape: 'triangle', colour: ['#6b7280', '#9ca3af'], hollow: true },
  vcdiff: { shape: 'square', colour: ['#b45309', '#f59e0b'], hollow: false },
  'zstd-patch': { shape: 'triangle', colour: ['#0f766e', '#2dd4bf'], hollow: false },
  align: { shape: 'circle', colour: ['#7c3aed', '#a78bfa'], hollow: false },
  inflated: { shape: 'diamond', colour: ['#be185d', '#f472b6'], hollow: false },
  ours: { shape: 'star', colour: ['#1d4ed8', '#60a5fa'], hollow: false },
};
const ANOTHER: Mark = { shape: 'circle', colour: ['#4d7c0f', '#a3e635'], hollow: false };

export function markOf(method: string): Mark {
  return KNOWN[method] ?? ANOTHER;
}

/** The mark of `method` around a point; `className` gives its colour. */
export function drawMark(method: string, [x, y]: readonly [number, number], className: string): string {
  const { shape, hollow } = markOf(method);
  const style = { class: `mark ${hollow ? 'hollow' : 'solid'} ${className}` };
  if (shape === 'circle') return element('circle', { ...style, cx: x, cy: y, r: 5 });
  return element('polygon', { ...style, points: corners(shape, x, y) });
}

function corners(shape: Exclude<Mark['shape'], 'circle'>, x: number, y: number): string {
  const [count, radius, turn] = {
    square: [4, 6.4, 45],
    diamond: [4, 6.4, 0],
    triangle: [3, 6.6, 0],
    star: [10, 9, 0],
  }[shape] as [number, number, number];
  const points = Array.from({ length: count }, (_, i) => {
    const angle = ((turn + (360 * i) / count - 90) * Math.PI) / 180;
    const reach = shape === 'star' && i % 2 === 1 ? radius * 0.45 : radius;
    return `${(x + reach * Math.cos(angle)).toFixed(1)},${(y + reach * Math.sin(angle)).toFixed(1)}`;
  });
  return points.join(' ');
}
