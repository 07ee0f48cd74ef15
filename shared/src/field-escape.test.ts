import fc from 'fast-check';
import { expect, test } from 'vitest';
import { byteString } from './byte-string.ts';
import { escapeField, unescapeField } from './field-escape.ts';

const BAD_ESCAPE = expect.objectContaining({ area: 'path', code: 'bad-escape' });
const value = fc.uint8Array({ maxLength: 40 }).map(byteString);
const nasty = fc.string({ unit: fc.constantFrom(...'\\x5c0a\t\n\x7f'.split('')), maxLength: 12 });

test('unescape∘escape is the identity', () => {
  fc.assert(
    fc.property(fc.oneof(value, nasty), (text) => {
      const field = escapeField(text);
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there
      expect(field).not.toMatch(/[\x00-\x1f\x7f]/);
      expect(unescapeField(field)).toBe(text);
    }),
    { numRuns: 1000 },
  );
});

test('a value has one form: what is accepted is what would be written', () => {
  fc.assert(
    fc.property(nasty, (field) => {
      try {
        expect(escapeField(unescapeField(field))).toBe(field);
      } catch (error) {
        expect(error).toEqual(BAD_ESCAPE);
      }
    }),
    { numRuns: 1000 },
  );
});

test.each([
  '\\',
  '\\x',
  '\\x0',
  '\\x5C',
  '\\x5g',
  '\\X5c',
  '\\\\',
  '\\n',
  '\\u0041',
  '\\x41',
  '\\x80',
  '\\xff',
  'a\tb',
  '\n',
  '\0',
  '\x7f',
])('%j is refused', (field) => {
  expect(() => unescapeField(field)).toThrow(BAD_ESCAPE);
});
