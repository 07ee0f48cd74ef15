/** A label and what it says. */
export type Row = readonly [label: string, text: string];

/** Rows for people, the texts one below the other. */
export function formatRows(rows: readonly Row[]): string {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, text]) => `${label.padEnd(width)}  ${text}`.trimEnd().concat('\n')).join('');
}
