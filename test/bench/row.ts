import type { Measured } from './measure.ts';

/** One figure of the table: what was measured, and what it must not exceed. */
export interface Row {
  readonly figure: string;
  readonly measured: number;
  /** undefined for a figure without a bar. */
  readonly bar: number | undefined;
  readonly unit: 's' | 'ms' | 'MB' | 'bytes' | 'requests' | 'differences' | 'times';
}

export function passes({ measured, bar }: Row): boolean {
  return bar === undefined || measured <= bar;
}

export function seconds(figure: string, { seconds: measured }: Measured, bar?: number): Row {
  return { figure: `${figure}: time`, measured, bar, unit: 's' };
}

export function memory(figure: string, { peakMemory }: Measured, bar?: number): Row {
  return { figure: `${figure}: peak memory`, measured: peakMemory / 1e6, bar, unit: 'MB' };
}

/** Lines of a table with figure, measured value, bar and verdict. */
export function formatRows(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(({ figure }) => figure.length));
  return rows.map((row) => `${formatRow(row, width)}\n`).join('');
}

function formatRow(row: Row, width: number): string {
  const bar = row.bar === undefined ? '' : `at most ${formatNumber(row.bar)}`;
  const verdict = row.bar === undefined ? '' : passes(row) ? 'pass' : 'FAIL';
  const value = `${formatNumber(row.measured)} ${row.unit}`;
  return `${row.figure.padEnd(width)}  ${value.padStart(16)}  ${bar.padStart(14)}  ${verdict}`.trimEnd();
}

function formatNumber(value: number): string {
  return value >= 100 || Number.isInteger(value) ? value.toFixed(0) : value.toFixed(2);
}
