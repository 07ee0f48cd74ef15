/**
 * A file name on Linux is bytes, not text. Inside the project such bytes travel as a *byte string*: a JavaScript string in
 * which each character is one byte (U+0000 to U+00FF). It compares and sorts as its bytes do, works as a map key, and costs
 * one byte a character in V8.
 */
export type ByteString = string & { readonly __bytes: true };

export function byteString(bytes: Uint8Array): ByteString {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1') as ByteString;
}

/** The byte string of `text` encoded as UTF-8. */
export function utf8ByteString(text: string): ByteString {
  return Buffer.from(text, 'utf8').toString('latin1') as ByteString;
}

export function bytesOf(value: string): Buffer {
  return Buffer.from(value, 'latin1');
}

/** Orders byte strings by their bytes; the order of every list in a manifest. */
export function compareBytes(a: string, b: string): -1 | 0 | 1 {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * For people: the text that the bytes spell in UTF-8, with `\xHH` for bytes that are no UTF-8 and for control characters,
 * so that a hostile name can't steer a terminal.
 */
export function displayText(value: string): string {
  const bytes = bytesOf(value);
  const text = bytes.toString('utf8');
  const faithful = Buffer.from(text, 'utf8').equals(bytes) ? text : escapeHighBytes(value);
  return faithful.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeCharacter);
}

function escapeHighBytes(value: string): string {
  return value.replace(/[\x80-\xff]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x100 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u{${code.toString(16)}}`;
}
