import { expect, test } from 'vitest';
import type { Json } from '../json/canonical-json.ts';
import { formatEnvelope, parseEnvelope, signEnvelope } from './envelope.ts';

const parse = (value: Json) => parseEnvelope(Buffer.from(JSON.stringify(value)));
const GOOD = { keyid: 'k', sig: '00' };

test('what was signed, with all fields, and its signatures', () => {
  expect(parse({ signed: { a: 1 }, signatures: [{ ...GOOD, more: 1 }], more: 1 })).toEqual({
    signed: { a: 1 },
    signatures: [GOOD],
  });
});

test.each<[string, Json]>([
  ['a list', []],
  ['nothing signed', { signatures: [] }],
  ['a text that is signed', { signed: 'x', signatures: [] }],
  ['no signatures', { signed: {} }],
  ['signatures that are no list', { signed: {}, signatures: {} }],
  ['a signature that is a text', { signed: {}, signatures: ['x'] }],
  ['a signature without id', { signed: {}, signatures: [{ sig: '00' }] }],
  ['an id that is no text', { signed: {}, signatures: [{ keyid: 1, sig: '00' }] }],
  ['a signature without signature', { signed: {}, signatures: [{ keyid: 'k' }] }],
  ['one bad among good ones', { signed: {}, signatures: [GOOD, { keyid: 'l' }] }],
  ['an id twice', { signed: {}, signatures: [GOOD, GOOD] }],
])('%s is no envelope', (_, value) => {
  expect(parse(value)).toBeUndefined();
});

test('signatures are written in the order of their ids, whoever signed first', () => {
  const seeds = [1, 2, 3, 4].map((byte) => new Uint8Array(32).fill(byte));
  const bytes = signEnvelope({ a: 1 }, seeds);
  expect(signEnvelope({ a: 1 }, seeds.toReversed())).toEqual(bytes);
  const ids = parseEnvelope(bytes)?.signatures.map(({ keyid }) => keyid) ?? [];
  expect(ids).toEqual(ids.toSorted());
  expect(formatEnvelope({}, [{ ...GOOD, more: 1 } as typeof GOOD]).toString()).toBe(
    '{"signatures":[{"keyid":"k","sig":"00"}],"signed":{}}',
  );
});

test('a control character in what is signed survives the file', () => {
  const signed = { reason: 'two\nlines' };
  expect(parseEnvelope(signEnvelope(signed, [new Uint8Array(32).fill(1)]))?.signed).toEqual(signed);
});
