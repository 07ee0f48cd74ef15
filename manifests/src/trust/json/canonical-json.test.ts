import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonicalJson, type Json, jsonFile } from './canonical-json.ts';

test.each<[Json, string]>([
  [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
  [{ a: { d: [], c: {} } }, '{"a":{"c":{},"d":[]}}'],
  ['"\\/', '"\\"\\\\/"'],
  ['\n\x7f', '"\n\x7f"'],
  [-0, '0'],
  [null, 'null'],
  [[true, false], '[true,false]'],
  [{ '\u{10000}': 2, '\uffff': 1 }, '{"\uffff":1,"\u{10000}":2}'],
  [{ __proto__x: 1, ['__proto__']: 2 }, '{"__proto__":2,"__proto__x":1}'],
])('%j', (value, text) => {
  expect(canonicalJson(value).toString()).toBe(text);
});

test.each([1.5, 2 ** 53, -(2 ** 53), Number.NaN, Number.POSITIVE_INFINITY])('%d is refused', (value) => {
  expect(() => canonicalJson({ value: [value] })).toThrow(TypeError);
});

const text = fc.string({ unit: 'grapheme', maxLength: 8 }).filter((value) => !/\p{Cc}/u.test(value));
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger().map((value) => value + 0),
    text,
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(text, tie('value'), { maxKeys: 4, noNullPrototype: true }),
  ),
})).value;

test('without control characters, it is JSON of the same value', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(JSON.parse(canonicalJson(value).toString())).toEqual(value);
    }),
  );
});

test('the order in which keys were set does not count', () => {
  fc.assert(
    fc.property(fc.dictionary(text, json, { noNullPrototype: true }), (value) => {
      const reversed = Object.fromEntries(Object.entries(value).reverse());
      expect(canonicalJson(reversed)).toEqual(canonicalJson(value));
    }),
  );
});

test('a file is JSON of the same value, control characters included', () => {
  const value = { 'a\n': ['\u0000', '\u001f"\\\t', '\u007f\u2028é'] };
  expect(JSON.parse(jsonFile(value).toString())).toEqual(value);
  expect(canonicalJson(JSON.parse(jsonFile(value).toString()) as Json)).toEqual(canonicalJson(value));
});

test('a file without control characters is canonical', () => {
  fc.assert(
    fc.property(json, (value) => {
      expect(jsonFile(value)).toEqual(canonicalJson(value));
    }),
  );
});
