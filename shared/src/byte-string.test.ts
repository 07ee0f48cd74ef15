import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteString, bytesOf, compareBytes, displayText, utf8ByteString } from './byte-string.ts';

const bytes = fc.uint8Array({ maxLength: 40 });

test('bytes survive', () => {
  fc.assert(
    fc.property(bytes, (value) => {
      expect(Buffer.from(value).equals(bytesOf(byteString(value)))).toBe(true);
    }),
  );
});

test('a part of a larger buffer is only that part', () => {
  expect(byteString(Buffer.from('abcdef').subarray(2, 4))).toBe('cd');
});

test('text becomes its UTF-8 bytes', () => {
  expect(utf8ByteString('é')).toBe('\xc3\xa9');
});

test('byte strings sort as their bytes do', () => {
  fc.assert(
    fc.property(bytes, bytes, (a, b) => {
      expect(compareBytes(byteString(a), byteString(b))).toBe(Buffer.compare(a, b));
    }),
  );
});

test.each([
  ['plain text', 'plain text'],
  ['é 漢 😀', 'é 漢 😀'],
  ['\x1b[31mred\x1b[0m', '\\x1b[31mred\\x1b[0m'],
  ['\x1b]0;title\x07', '\\x1b]0;title\\x07'],
  ['a\nb\r\tc\b', 'a\\x0ab\\x0d\\x09c\\x08'],
  ['\x00\x7f', '\\x00\\x7f'],
  ['\u0085\u009b31m', '\\x85\\x9b31m'],
  ['\u202egnp.exe\u202c', '\\u{202e}gnp.exe\\u{202c}'],
  ['\u2066a\u2069\u200f\u061c', '\\u{2066}a\\u{2069}\\u{200f}\\u{61c}'],
  ['a\u200bb\ufeff', 'a\\u{200b}b\\u{feff}'],
  ['\u2028\u2029', '\\u{2028}\\u{2029}'],
  ['\u{e0041}', '\\u{e0041}'],
])('%j is shown without steering the terminal', (text, shown) => {
  expect(displayText(utf8ByteString(text))).toBe(shown);
});

test.each([
  ['\xff', '\\xff'],
  ['caf\xe9\x1b', 'caf\\xe9\\x1b'],
  ['\xc3', '\\xc3'],
  ['\xed\xa0\x80', '\\xed\\xa0\\x80'],
  ['\xc0\xaf', '\\xc0\\xaf'],
])('bytes that are no UTF-8: %j', (value, shown) => {
  expect(displayText(value)).toBe(shown);
});

test('whatever the bytes, nothing that steers is shown', () => {
  fc.assert(
    fc.property(bytes, (value) => {
      expect(displayText(byteString(value))).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u);
    }),
    { numRuns: 1000 },
  );
});
