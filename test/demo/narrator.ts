import { styleText } from 'node:util';
import { formatBytes, formatDuration, plural } from '@swupd/shared/terminal';
import type { Traffic } from './repository-server.ts';

/** What a step has cost. */
export interface Figures extends Partial<Traffic> {
  readonly milliseconds: number;
  /** What a plain download of the same files would bring, in bytes. */
  readonly fullSize?: number;
}

type Style = Parameters<typeof styleText>[0];

const INDENT = '     ';
const MOST_LINES = 16;

/** Tells the story on `stdout`: with colours where that is a terminal, plain otherwise. */
export class Narrator {
  readonly #stdout: NodeJS.WriteStream;
  readonly #rows: { title: string; figures: Figures }[] = [];
  #chapters = 0;

  constructor(stdout: NodeJS.WriteStream) {
    this.#stdout = stdout;
  }

  /** A step begins: its title, and one line that says what is to be seen. */
  chapter(title: string, text: string): void {
    const number = `${++this.#chapters}.`.padEnd(3);
    this.#write(`\n${this.#style('bold', `${number} ${title}`)}\n${INDENT}${this.#style('dim', text)}\n`);
  }

  command(words: readonly string[]): void {
    this.#write(`${INDENT}${this.#style('cyan', `$ ${words.map(quoted).join(' ')}`)}\n`);
  }

  output(text: string): void {
    const lines = text.split('\n').filter((line) => line !== '');
    for (const line of lines.slice(0, MOST_LINES)) this.#write(`${INDENT}  ${line}\n`);
    if (lines.length > MOST_LINES) this.#write(`${INDENT}  … ${lines.length - MOST_LINES} more lines\n`);
  }

  /** What the step has cost, measured from outside; also a row of the table at the end. */
  figures(title: string, figures: Figures): void {
    this.#rows.push({ title, figures });
    this.#write(`${INDENT}${this.#style('yellow', `▸ ${describe(figures)}`)}\n`);
  }

  /** Something that was claimed, and has been checked. */
  checked(claim: string): void {
    this.#write(`${INDENT}${this.#style('green', `✔ ${claim}`)}\n`);
  }

  summary(milliseconds: number): void {
    const header = ['step', 'seconds', 'requests', 'on the wire', 'full size', 'share'];
    const table = [header, ...this.#rows.map(({ title, figures }) => cellsOf(title, figures))];
    const widths = header.map((_, column) => Math.max(...table.map((row) => row[column]?.length ?? 0)));
    const lines = table.map((row) => row.map((cell, i) => pad(cell, widths[i] ?? 0, i > 0)).join('  '));
    const [first = '', ...rest] = lines;
    this.#write(`\n${this.#style('bold', first)}\n${rest.join('\n')}\n\n`);
    this.#write(
      'on the wire: answers with their headers, by the log of the web server\n' +
        'full size:   the new files as they are; a download without packs and deltas would bring these\n' +
        `\nEverything was as claimed, in ${formatDuration(milliseconds)}.\n`,
    );
  }

  failure(message: string): void {
    this.#write(`\n${this.#style('red', `✘ ${message}`)}\n`);
  }

  #style(style: Style, text: string): string {
    return styleText(style, text, { stream: this.#stdout });
  }

  #write(text: string): void {
    this.#stdout.write(text);
  }
}

function describe({ milliseconds, requests, bytes, fullSize }: Figures): string {
  const time = formatDuration(milliseconds);
  if (requests === undefined || bytes === undefined) return time;
  const share =
    fullSize === undefined ? '' : ` instead of ${formatBytes(fullSize)} (${percent(bytes, fullSize)})`;
  return `${formatBytes(bytes)} on the wire${share}, ${plural(requests, 'request')}, ${time}`;
}

function cellsOf(title: string, { milliseconds, requests, bytes, fullSize }: Figures): string[] {
  return [
    title,
    (milliseconds / 1000).toFixed(1),
    requests === undefined ? '' : String(requests),
    bytes === undefined ? '' : formatBytes(bytes),
    fullSize === undefined ? '' : formatBytes(fullSize),
    bytes === undefined || fullSize === undefined ? '' : percent(bytes, fullSize),
  ];
}

function percent(part: number, whole: number): string {
  return `${((100 * part) / whole).toFixed(1)} %`;
}

function pad(cell: string, width: number, right: boolean): string {
  return right ? cell.padStart(width) : cell.padEnd(width);
}

/** As one would type it. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
