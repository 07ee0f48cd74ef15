import { expect, test } from 'vitest';
import { printable, printableLine } from './printable.ts';

test.each([
  ['plain text, naïve, 日本語 and 👍', 'plain text, naïve, 日本語 and 👍'],
  ['\x1b[2J\x1b]0;title\x07', '\\x1b[2J\\x1b]0;title\\x07'],
  ['\u009b31m', '\\x9b31m'],
  ['over\rwritten\b\x7f', 'over\\x0dwritten\\x08\\x7f'],
  ['\u202egnp.exe\u2066', '\\u{202e}gnp.exe\\u{2066}'],
  ['line\u2028paragraph\u2029', 'line\\u{2028}paragraph\\u{2029}'],
  ['half \ud800 a pair', 'half \\u{d800} a pair'],
  ['\u{e0041}tag', '\\u{e0041}tag'],
])('%j', (text, shown) => {
  expect(printable(text)).toBe(shown);
  expect(printable(shown)).toBe(shown);
  expect(printableLine(text)).toBe(shown);
});

test('newlines stay only where there may be several lines', () => {
  expect(printable('a\nb')).toBe('a\nb');
  expect(printableLine('a\nHint: b')).toBe('a\\x0aHint: b');
});
