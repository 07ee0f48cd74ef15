import { type ByteString, displayText } from './byte-string.ts';
import { PathError } from './path-error.ts';

// Bytes that would break a line or a column, and the escape character itself. Everything else stands for itself, so that a
// manifest can be searched with grep.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape
const SPECIAL = /[\x00-\x1f\x7f\\]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters to escape
const SPECIALS = /[\x00-\x1f\x7f\\]/g;
const ESCAPES = /\\(x[0-9a-f]{2})?/g;

/** `value` with control bytes, DEL and backslash written as `\xHH` (lower case). `manifests/spec/grammar.md`. */
export function escapeField(value: string): string {
  return SPECIAL.test(value) ? value.replace(SPECIALS, escapeByte) : value;
}

/**
 * The inverse of `escapeField`. Only the canonical form is accepted, so that equal values have equal bytes.
 * @throws PathError `bad-escape`
 */
export function unescapeField(field: string): ByteString {
  if (!SPECIAL.test(field)) return field as ByteString;
  const value = field.replace(ESCAPES, (whole, hex: string | undefined) =>
    hex === undefined ? whole : String.fromCharCode(Number.parseInt(hex.slice(1), 16)),
  );
  if (escapeField(value) !== field) {
    throw new PathError('bad-escape', `'${displayText(field)}' is not escaped as the grammar says`);
  }
  return value as ByteString;
}

function escapeByte(byte: string): string {
  return `\\x${byte.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
