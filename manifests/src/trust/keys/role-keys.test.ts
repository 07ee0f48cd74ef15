import { publicKeyOf } from '@swupd/shared';
import { expect, test } from 'vitest';
import type { Json } from '../json/canonical-json.ts';
import { signMessage } from '../metadata/envelope.ts';
import { ed25519Key, keyIdOf } from './key.ts';
import { PRODUCTION } from './key-policy.ts';
import { isKeyTable, meetsThreshold, readRoleKeys } from './role-keys.ts';
import type { Signature } from './signature.ts';

const SEEDS = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
const KEYS = SEEDS.map((seed) => ed25519Key(publicKeyOf(seed)));
const IDS = KEYS.map(keyIdOf);
const LISTED = Object.fromEntries(KEYS.map((key) => [keyIdOf(key), key]));
const MESSAGE = Buffer.from('message');
const SIGNATURES = SEEDS.map((seed) => signMessage(MESSAGE, seed));

function read(role: Json, keys: Json = LISTED) {
  return readRoleKeys(keys, role, PRODUCTION);
}

test('keys that are listed, under their ids', () => {
  const role = read({ keyids: IDS.slice(0, 2), threshold: 2 });
  expect([...(role?.keys.keys() ?? [])]).toEqual(IDS.slice(0, 2));
  expect(role?.threshold).toBe(2);
});

test.each<[string, Json]>([
  ['that is not there', { keyids: [...IDS, '00'.repeat(32)], threshold: 1 }],
  ['with the name of a method', { keyids: [...IDS, 'toString'], threshold: 1 }],
])('an id %s counts for nothing', (_, role) => {
  expect([...(read(role)?.keys.keys() ?? [])]).toEqual(IDS);
});

test.each<[string, Json, Json]>([
  ['threshold 0', { keyids: IDS, threshold: 0 }, LISTED],
  ['a threshold that is a text', { keyids: IDS, threshold: '2' }, LISTED],
  ['no threshold', { keyids: IDS }, LISTED],
  ['no list of ids', { keyids: {}, threshold: 1 }, LISTED],
  ['an id twice', { keyids: [...IDS, IDS[0] ?? ''], threshold: 1 }, LISTED],
  ['an id that is no text', { keyids: [7], threshold: 1 }, LISTED],
  ['no role', [], LISTED],
  ['no keys', { keyids: IDS, threshold: 1 }, []],
])('%s is malformed', (_, role, keys) => {
  expect(read(role, keys)).toBeUndefined();
});

const bad = (signature: Signature | undefined): Signature => ({
  keyid: signature?.keyid ?? '',
  sig: '00'.repeat(64),
});

test.each([
  [2, 2, SIGNATURES.slice(0, 2), true],
  [2, 2, SIGNATURES.slice(1), true],
  [2, 2, SIGNATURES.slice(0, 1), false],
  [1, 1, [], false],
  [3, 3, SIGNATURES, true],
  [2, 2, [bad(SIGNATURES[0]), ...SIGNATURES.slice(1)], true],
  [3, 3, [bad(SIGNATURES[0]), ...SIGNATURES.slice(1)], false],
  [2, 2, SIGNATURES.slice(0, 1).map(({ keyid }) => ({ keyid, sig: 'no digits' })), false],
  [2, 2, [{ ...SIGNATURES[0], keyid: 'unknown' } as Signature, ...SIGNATURES.slice(1, 2)], false],
])('threshold %d, case %#', (threshold, _, signatures, expected) => {
  const role = read({ keyids: IDS, threshold });
  expect(role && meetsThreshold(MESSAGE, signatures, role)).toBe(expected);
});

test('one key under two ids counts once', () => {
  const other = { ...(KEYS[0] as object), comment: 'the same' } as Json;
  const keys = { ...LISTED, [keyIdOf(other)]: other };
  const role = read({ keyids: [IDS[0] ?? '', keyIdOf(other)], threshold: 2 }, keys);
  const [signature] = SIGNATURES;
  const twice = [signature, { keyid: keyIdOf(other), sig: signature?.sig ?? '' }] as Signature[];
  expect(role?.keys.size).toBe(2);
  expect(role && meetsThreshold(MESSAGE, twice, role)).toBe(false);
});

test('an id that is listed twice makes the role malformed', () => {
  expect(read({ keyids: [...IDS, ...IDS.slice(0, 1)], threshold: 1 })).toBeUndefined();
});

test.each<[string, Json]>([
  ['a list', KEYS],
  ['no record', { ...LISTED, a: 'text' }],
  ['no type', { ...LISTED, a: { scheme: 'x', keyval: {} } }],
  ['no scheme', { ...LISTED, a: { keytype: 'x', keyval: {} } }],
  ['no value', { ...LISTED, a: { keytype: 'x', scheme: 'x' } }],
  ['a value with a number', { ...LISTED, a: { keytype: 'x', scheme: 'x', keyval: { public: 7 } } }],
])('with %s among them there is no table of keys', (_, keys) => {
  expect(isKeyTable(keys)).toBe(false);
});

test('keys of any kind make a table', () => {
  expect(isKeyTable({ ...LISTED, a: { keytype: 'x', scheme: 'y', keyval: { private: '' }, more: 7 } })).toBe(
    true,
  );
});

const GOOD = { keytype: 'x', scheme: 'y', keyval: { public: 'z' } };

test.each<[string, Json | undefined, boolean]>([
  ['keys of any kind', { a: GOOD, b: { ...GOOD, keyval: {} }, c: { ...GOOD, more: 1 } }, true],
  ['no keys', {}, true],
  ['nothing', undefined, false],
  ['a list', [GOOD], false],
  ['a bad key beside a good one', { a: GOOD, b: 'x' }, false],
  ['a key without type', { a: { ...GOOD, keytype: 1 } }, false],
  ['a key without scheme', { a: { keytype: 'x', keyval: {} } }, false],
  ['a key without value', { a: { ...GOOD, keyval: 'z' } }, false],
  ['a value with a number in it', { a: { ...GOOD, keyval: { public: 'z', more: 1 } } }, false],
])('a table of keys: %s', (_, value, expected) => {
  expect(isKeyTable(value)).toBe(expected);
});
