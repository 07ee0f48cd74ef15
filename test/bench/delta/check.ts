/** One line of the table: what was measured, what it has to reach, and what it should. */
export interface Check {
  readonly figure: string;
  readonly measured: number;
  readonly unit: 'ratio' | '%' | 'MB' | 'MB/s';
  /** Whether larger is better, as for rates. */
  readonly rising?: boolean;
  readonly bar: number;
  readonly goal?: number;
}

export type Verdict = 'goal' | 'pass' | 'FAIL';

export function verdictOf({ measured, rising = false, bar, goal }: Check): Verdict {
  const reaches = (mark: number): boolean => (rising ? measured >= mark : measured <= mark);
  if (goal !== undefined && reaches(goal)) return 'goal';
  return reaches(bar) ? 'pass' : 'FAIL';
}

/** `≤ 0.58`, `≥ 150 MB/s` */
export function formatMark({ unit, rising = false }: Check, mark: number): string {
  return `${rising ? '≥' : '≤'} ${formatValue(mark, unit)}`;
}

export function formatValue(value: number, unit: Check['unit']): string {
  switch (unit) {
    case 'ratio':
      return value.toFixed(3);
    case '%':
      return `${value.toFixed(2)} %`;
    case 'MB':
      return `${value.toFixed(2)} MB`;
    case 'MB/s':
      return `${value.toFixed(0)} MB/s`;
  }
}
