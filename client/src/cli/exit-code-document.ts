import type { ErrorTable } from '@swupd/shared';

/** The error codes of one area. */
export interface ErrorArea {
  readonly area: string;
  readonly table: ErrorTable;
}

export interface ExitCodeDocument {
  /** What each exit code of the client means. */
  readonly exitCodes: ReadonlyMap<number, string>;
  readonly client: readonly ErrorArea[];
  readonly server: readonly ErrorArea[];
}

/** `docs/exit-codes.md`: all exit codes and error codes, out of the tables that the program itself uses. */
export function formatExitCodeDocument({ exitCodes, client, server }: ExitCodeDocument): string {
  return `# Exit codes and error codes

Every error has a *code*, a word that programs can rely on (\`code\` and \`area\` in the lines of \`-j\`), and an *exit code*, which
groups errors by what can be done about them. **Retry** says whether the same command can succeed later without anybody
changing anything. This page is made from the tables of the program; a test compares the two.

## Exit codes of \`swupd\`

The numbers are those of the original swupd wherever the meaning is the same. Numbers that are not in the list are not used.

${table(
  ['exit', 'meaning'],
  [...exitCodes].map(([code, meaning]) => [String(code), meaning]),
)}

## Error codes of \`swupd\`

${areaTable(client)}

## Error codes of \`swupd-server\`

Exit codes: 0 done, 1 bad input or a failed build (the repository is as it was), 2 usage, 9 another build is running; \`serve\` has
codes of its own below. Errors in formats, paths and trust, which the two programs share, end \`swupd-server\` with 1.

${areaTable(server)}
`;
}

function areaTable(areas: readonly ErrorArea[]): string {
  const rows = areas.flatMap(({ area, table: errors }) =>
    Object.entries(errors).map(([code, { exit, retry, summary }]) => [
      area,
      `\`${code}\``,
      String(exit),
      retry ? 'yes' : 'no',
      summary,
    ]),
  );
  return table(['area', 'code', 'exit', 'retry', 'meaning'], rows);
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
