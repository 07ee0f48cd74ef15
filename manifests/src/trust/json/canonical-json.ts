/** JSON as the trust metadata uses it: no floats, no other types. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/**
 * OLPC canonical JSON, the form over which TUF signs: keys in the order of their code points, no white space, only `"` and
 * `\` escaped, integers only.
 * @throws TypeError for a number that is no safe integer
 */
export function canonicalJson(value: Json): Buffer {
  return Buffer.from(encode(value), 'utf8');
}

/**
 * The same as valid JSON, for files: canonical JSON has control characters as they are, which no parser of JSON takes.
 * @throws TypeError as above
 */
export function jsonFile(value: Json): Buffer {
  return Buffer.from(encode(value).replace(CONTROL, escapeControl), 'utf8');
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is escaped
const CONTROL = /[\u0000-\u001f]/g;

function escapeControl(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

function encode(value: Json): string {
  if (typeof value === 'string') return encodeString(value);
  if (typeof value === 'number') return encodeInteger(value);
  if (value === null || typeof value === 'boolean') return String(value);
  if (isList(value)) return `[${value.map(encode).join(',')}]`;
  const keys = Object.keys(value).sort(compareCodePoints);
  return `{${keys.map((key) => `${encodeString(key)}:${encode(value[key] as Json)}`).join(',')}}`;
}

function isList(value: Json): value is readonly Json[] {
  return Array.isArray(value);
}

function encodeString(text: string): string {
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function encodeInteger(value: number): string {
  if (!Number.isSafeInteger(value)) throw new TypeError(`${value} is no integer`);
  return String(value);
}

/** UTF-8 bytes sort as code points do; UTF-16 units don't. */
function compareCodePoints(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
}
