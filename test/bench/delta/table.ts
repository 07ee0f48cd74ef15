/** A table as text cells; all columns but the first are figures. */
export interface Table {
  readonly title: string;
  /** Whether a page shows it only to those who ask for it. */
  readonly detail?: boolean;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
}

/** For a terminal. */
export function textTable({ title, head, rows }: Table): string {
  const widths = head.map((_, column) =>
    Math.max(...[head, ...rows].map((row) => (row[column] ?? '').length)),
  );
  const lines = [head, ...rows].map((row) =>
    widths
      .map((width, column) => {
        const cell = row[column] ?? '';
        return column === 0 ? cell.padEnd(width) : cell.padStart(width);
      })
      .join('  ')
      .trimEnd(),
  );
  const [first = '', ...others] = lines;
  const rule = '-'.repeat(widths.reduce((sum, width) => sum + width, 2 * (widths.length - 1)));
  return `${[title, rule, first, rule, ...others].join('\n')}\n`;
}

/** For a page. */
export function markdownTable({ title, detail = false, head, rows }: Table): string {
  const line = (cells: readonly string[]): string => `| ${cells.map(escapeCell).join(' | ')} |`;
  const rule = `|---${'|---:'.repeat(head.length - 1)}|`;
  const body = [line(head), rule, ...rows.map(line)].join('\n');
  return detail
    ? `<details><summary>${title}</summary>\n\n${body}\n\n</details>\n`
    : `**${title}**\n\n${body}\n`;
}

function escapeCell(cell: string): string {
  return cell.replaceAll('|', '\\|').replaceAll('<', '&lt;');
}
