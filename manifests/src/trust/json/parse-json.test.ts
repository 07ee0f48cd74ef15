import { LIMITS } from '@swupd/shared';
import { expect, test } from 'vitest';
import { isRecord, parseJson } from './parse-json.ts';

const parse = (text: string) => parseJson(Buffer.from(text, 'latin1'));
const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

test.each([
  ['{"a":{"b":[1,-2,"x:y",null,true]},"c":{}}', { a: { b: [1, -2, 'x:y', null, true] }, c: {} }],
  ['"a\\":\\\\"', 'a":\\'],
  ['{"a":{"k":1},"b":{"k":1}}', { a: { k: 1 }, b: { k: 1 } }],
  ['{"__proto__":1}', JSON.parse('{"__proto__":1}')],
  [' 7 ', 7],
  ['"\\ud83d\\ude00"', '\u{1F600}'],
  [String(Number.MAX_SAFE_INTEGER), Number.MAX_SAFE_INTEGER],
])('%s', (text, value) => {
  expect(parse(text)).toEqual(value);
});

test.each([
  ['a key twice', '{"a":1,"a":2}'],
  ['a key twice, in another spelling', '{"a":1,"\\u0061":2}'],
  ['a key twice, deep inside', '[{"b":{"a":{},"a":{}}}]'],
  ['a float', '{"a":[1.5]}'],
  ['an integer that is not exact', '{"a":9007199254740993}'],
  ['a number without end', '1e999'],
  ['no UTF-8', '"\xff"'],
  ['half of a surrogate pair', '["\\ud83d"]'],
  ['the other half, as a key', '{"\\ude00":1}'],
  ['a mark in front', '\xef\xbb\xbf{}'],
  ['something behind', '{} {}'],
  ['nothing', ''],
  ['too deep', nested(LIMITS.jsonDepth + 1)],
  ['too deep below a key', `{"a":${nested(LIMITS.jsonDepth)}}`],
])('%s is refused', (_, text) => {
  expect(parse(text)).toBeUndefined();
});

test('as deep as the limit says is read', () => {
  expect(parse(nested(LIMITS.jsonDepth))).toBeDefined();
});

test.each([
  [{}, true],
  [[], false],
  [null, false],
  ['x', false],
  [undefined, false],
])('%j is a record: %j', (value, expected) => {
  expect(isRecord(value)).toBe(expected);
});
