import {
  type BundleName,
  type ByteString,
  byteString,
  type Digest,
  displayText,
  isBundleName,
  isDigest,
  LIMITS,
  unescapeField,
} from '@swupd/shared';
import { FormatError } from './format-error.ts';

/** No format has more header lines: a header without end would fill the memory. */
const HEADER_LINES = 16;

/** A line of a document, split at its tabs, with what an error message needs to say where it stands. */
export interface Line {
  readonly document: string;
  readonly number: number;
  readonly fields: readonly string[];
}

/** The header of a document: its fields in the order of their lines, and where the body starts. */
export interface Header {
  readonly document: string;
  readonly lines: readonly Line[];
  /** Byte offset and line number of the first body line. */
  readonly bodyOffset: number;
  readonly bodyLine: number;
  readonly text: string;
}

/**
 * Reads the header of a document: `magic TAB format`, `key TAB value…` lines, an empty line. `manifests/spec/grammar.md`.
 * The bytes have been verified, but their author may still be careless or hostile.
 * @throws FormatError `bad-manifest`, `unknown-format`
 */
export function readHeader(bytes: Uint8Array, magic: string, format: number): Header {
  if (bytes.length > LIMITS.document) {
    throw new FormatError('bad-manifest', `${magic}: longer than ${LIMITS.document} bytes`);
  }
  const text: string = byteString(bytes);
  if (text.length === 0 || text.charCodeAt(text.length - 1) !== 0x0a) {
    throw new FormatError('bad-manifest', `${magic}: the last line is not complete`);
  }
  const lines: Line[] = [];
  let offset = 0;
  for (let number = 1; ; number++) {
    const end = lineEnd(text, offset, magic, number);
    if (end === offset)
      return { document: magic, lines: lines.slice(1), bodyOffset: end + 1, bodyLine: number + 1, text };
    if (number > HEADER_LINES)
      throw badLine(
        { document: magic, number, fields: [] },
        `the header has more than ${HEADER_LINES} lines`,
      );
    lines.push({ document: magic, number, fields: text.slice(offset, end).split('\t') });
    if (number === 1) checkMagic(lines[0], magic, format);
    offset = end + 1;
  }
}

/**
 * The body lines of a document, in order; at most `count`, which the header promises: whoever collects them is not made to hold
 * millions for a header that promises few.
 */
export function* readBody(header: Header, count = Number.POSITIVE_INFINITY): Generator<Line> {
  const { document, text } = header;
  let offset = header.bodyOffset;
  const end = header.bodyLine + count;
  for (let number = header.bodyLine; offset < text.length; number++) {
    const lineStop = lineEnd(text, offset, document, number);
    const line = { document, number, fields: text.slice(offset, lineStop).split('\t') };
    if (number >= end) throw badLine(line, `more lines than the ${count} that the header says`);
    yield line;
    offset = lineStop + 1;
  }
}

/** Takes the lines of a header one by one; each must be the `key TAB value` line that the format has at that place. */
export class HeaderReader {
  readonly #header: Header;
  #next = 0;

  constructor(header: Header) {
    this.#header = header;
  }

  field(key: string): { line: Line; value: string } {
    const line = this.#header.lines[this.#next++];
    const value = line?.fields[1];
    if (line === undefined || line.fields[0] !== key || value === undefined || line.fields.length !== 2) {
      throw new FormatError(
        'bad-manifest',
        `${this.#header.document}: the header has no '${key}' line where one must be`,
      );
    }
    return { line, value };
  }

  integer(key: string): number {
    const { line, value } = this.field(key);
    return parseInteger(value, line);
  }

  digest(key: string): Digest {
    const { line, value } = this.field(key);
    return parseDigest(value, line);
  }

  bundle(): BundleName {
    const { line, value } = this.field('bundle');
    if (!isBundleName(value)) throw badLine(line, `'${show(value)}' is no name of a bundle`);
    return value;
  }

  end(): void {
    const line = this.#header.lines[this.#next];
    if (line !== undefined)
      throw badLine(line, `the header line '${displayText(line.fields[0] ?? '')}' is not known`);
  }
}

export function badLine(line: Line, why: string, cause?: unknown): FormatError {
  return new FormatError('bad-manifest', `${line.document}, line ${line.number}: ${why}`, {
    details: { line: line.number },
    cause,
  });
}

/** The fields of a line that must have exactly `count` of them. */
export function fieldsOf(line: Line, count: number): readonly string[] {
  if (line.fields.length !== count)
    throw badLine(line, `${line.fields.length} fields where ${count} must be`);
  return line.fields;
}

const INTEGER = /^(?:0|[1-9][0-9]{0,15})$/;

/** A canonical decimal integer from 0 to 2⁵³ − 1. */
export function parseInteger(
  text: string | undefined,
  line: Line,
  max: number = Number.MAX_SAFE_INTEGER,
): number {
  const value = Number(text);
  if (text === undefined || !INTEGER.test(text) || value > max)
    throw badLine(line, `'${show(text)}' is no number up to ${max}`);
  return value;
}

export function parseDigest(text: string | undefined, line: Line): Digest {
  if (text === undefined || !isDigest(text)) throw badLine(line, `'${show(text)}' is no SHA-256 digest`);
  return text;
}

export function parseText(text: string | undefined, line: Line): ByteString {
  try {
    return unescapeField(text ?? '');
  } catch (cause) {
    throw badLine(line, `'${show(text)}' is not escaped as the grammar says`, cause);
  }
}

function show(text: string | undefined): string {
  return displayText((text ?? '').slice(0, 100));
}

function lineEnd(text: string, offset: number, document: string, number: number): number {
  const end = text.indexOf('\n', offset);
  if (end < 0) throw new FormatError('bad-manifest', `${document}: the header has no end`);
  if (end - offset > LIMITS.line)
    throw new FormatError('bad-manifest', `${document}, line ${number}: longer than ${LIMITS.line} bytes`);
  return end;
}

function checkMagic(line: Line | undefined, magic: string, format: number): void {
  if (line?.fields[0] !== magic || line.fields.length !== 2)
    throw new FormatError('bad-manifest', `this is no ${magic}`);
  if (line.fields[1] === String(format)) return;
  throw new FormatError(
    'unknown-format',
    `${magic} has format ${show(line.fields[1])}; this version knows format ${format}`,
    {
      details: { document: magic, format: show(line.fields[1]), known: format },
      hint: 'Install a newer swupd, which knows this format.',
    },
  );
}
