import { fromHex, LIMITS, publicKeyOf, toHex } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { canonicalJson, type Json } from './canonical-json.ts';
import {
  isSignedBy,
  meetsThreshold,
  parseEnvelope,
  parseJson,
  parseSignatures,
  type RoleKeys,
  roleKeys,
  signAll,
  signEnvelope,
} from './envelope.ts';
import { ed25519Key, keyIdOf } from './key.ts';

const SEEDS = [1, 2, 3].map((value) => new Uint8Array(32).fill(value));
const [SEED = new Uint8Array(32)] = SEEDS;
const MESSAGE = Buffer.from('message');

const keyOf = (seed: Uint8Array): Json => ed25519Key(publicKeyOf(seed)) as unknown as Json;
const idOf = (seed: Uint8Array): string => keyIdOf(keyOf(seed));
const roleOf = (seeds: readonly Uint8Array[], threshold: number): RoleKeys => ({
  keys: new Map(seeds.map((seed) => [idOf(seed), publicKeyOf(seed)])),
  threshold,
});

describe('parseJson', () => {
  const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

  test.each([
    ['empty', ''],
    ['no JSON', '{'],
    ['two values', '{}{}'],
    ['comment', '{}//'],
    ['NUL at the end', '{}\0'],
    ['byte order mark twice', '\ufeff\ufeff{}'],
    ['fraction', '{"a":1.5}'],
    ['2^53', '[9007199254740992]'],
    ['huge exponent', '[1e999]'],
    ['too deep', nested(LIMITS.jsonDepth + 1)],
    ['very deep', nested(200_000)],
    ['very deep and open', '['.repeat(200_000)],
    ['very deep objects', '{"a":'.repeat(100_000)],
  ])('%s', (_, text) => {
    expect(parseJson(Buffer.from(text))).toBeUndefined();
  });

  test('bytes that are no UTF-8', () => {
    expect(parseJson(Buffer.from('"\xff"', 'latin1'))).toBeUndefined();
    expect(parseJson(Buffer.from('"\xed\xa0\x80"', 'latin1'))).toBeUndefined();
  });

  test('as deep as the limit', () => {
    expect(parseJson(Buffer.from(nested(LIMITS.jsonDepth)))).toBeDefined();
  });
});

test.each<[string, Json]>([
  ['a list', []],
  ['null', null],
  ['a string', 'x'],
  ['no signed', { signatures: [] }],
  ['signed is a list', { signed: [], signatures: [] }],
  ['signed is null', { signed: null, signatures: [] }],
  ['no signatures', { signed: {} }],
  ['signatures is an object', { signed: {}, signatures: {} }],
  ['a signature is null', { signed: {}, signatures: [null] }],
  ['a signature without key id', { signed: {}, signatures: [{ sig: '00' }] }],
  ['a signature without sig', { signed: {}, signatures: [{ keyid: 'a' }] }],
  ['a signature that is a number', { signed: {}, signatures: [{ keyid: 'a', sig: 0 }] }],
  [
    'a key id twice',
    {
      signed: {},
      signatures: [
        { keyid: 'a', sig: '00' },
        { keyid: 'a', sig: '01' },
      ],
    },
  ],
])('no envelope: %s', (_, value) => {
  expect(parseEnvelope(Buffer.from(JSON.stringify(value)))).toBeUndefined();
});

test('a good signature twice is refused as a whole', () => {
  const [signature] = signAll(MESSAGE, [SEED]);
  expect(parseSignatures([signature, signature] as unknown as Json)).toBeUndefined();
});

test('an envelope survives being formatted, and white space around it', () => {
  const bytes = signEnvelope({ b: 1, a: 'x' }, SEEDS);
  for (const text of [
    bytes,
    Buffer.from(JSON.stringify(JSON.parse(bytes.toString()), null, 2)),
    Buffer.concat([bytes, Buffer.from(' \n')]),
  ]) {
    const envelope = parseEnvelope(text);
    expect(envelope?.signed).toEqual({ b: 1, a: 'x' });
    expect(envelope && isSignedBy(envelope, roleOf(SEEDS, 3))).toBe(true);
  }
});

test('unknown fields are part of what is signed', () => {
  const envelope = parseEnvelope(signEnvelope({ a: 1, unknown: { deep: [1] } }, [SEED]));
  if (envelope === undefined) throw new Error('no envelope');
  expect(isSignedBy(envelope, roleOf([SEED], 1))).toBe(true);
  expect(isSignedBy({ ...envelope, signed: { a: 1 } }, roleOf([SEED], 1))).toBe(false);
});

test('two runs sign alike, whatever the order of the keys', () => {
  expect(signEnvelope({ a: 1 }, SEEDS)).toEqual(signEnvelope({ a: 1 }, SEEDS.toReversed()));
});

describe('threshold', () => {
  const all = signAll(MESSAGE, SEEDS);
  const strangers = signAll(MESSAGE, [new Uint8Array(32).fill(9)]);
  const damaged = all.map(({ keyid, sig }) => ({
    keyid,
    sig: sig.replace(/^../, (byte) => (byte === '00' ? '01' : '00')),
  }));
  const empty = all.map(({ keyid }) => ({ keyid, sig: '' }));
  const upper = all.map(({ keyid, sig }) => ({ keyid, sig: sig.toUpperCase() }));
  const swapped = all.map(({ keyid }, i) => ({ keyid, sig: all[(i + 1) % all.length]?.sig ?? '' }));

  test.each([
    ['one of one', all, 1, true],
    ['three of three', all, 3, true],
    ['two of three', all.slice(1), 2, true],
    ['two where three must', all.slice(1), 3, false],
    ['more than there are keys', all, 4, false],
    ['none', [], 1, false],
    ['only of others', strangers, 1, false],
    ['of others beside a good one', [...strangers, ...all.slice(0, 1)], 1, true],
    ['damaged', damaged, 1, false],
    ['one damaged, two good', [...damaged.slice(0, 1), ...all.slice(1)], 2, true],
    ['empty', empty, 1, false],
    ['in upper case', upper, 1, false],
    ['under the wrong key ids', swapped, 1, false],
  ])('%s', (_, signatures, threshold, verdict) => {
    expect(meetsThreshold(MESSAGE, signatures, roleOf(SEEDS, threshold))).toBe(verdict);
  });

  test('of another message', () => {
    expect(meetsThreshold(Buffer.from('massage'), all, roleOf(SEEDS, 1))).toBe(false);
  });
});

describe('keys of a role', () => {
  const keys = { [idOf(SEED)]: keyOf(SEED) };

  test('a good one', () => {
    const role = roleKeys(keys, { keyids: [idOf(SEED)], threshold: 1 });
    expect([...(role?.keys ?? [])].map(([id, key]) => [id, toHex(key)])).toEqual([
      [idOf(SEED), toHex(publicKeyOf(SEED))],
    ]);
    expect(role?.threshold).toBe(1);
  });

  test.each<[string, Json | undefined, Json | undefined]>([
    ['no keys', undefined, { keyids: [], threshold: 1 }],
    ['keys is a list', [], { keyids: [], threshold: 1 }],
    ['no role', keys, undefined],
    ['role is null', keys, null],
    ['no key ids', keys, { threshold: 1 }],
    ['key ids is a string', keys, { keyids: 'x', threshold: 1 }],
    ['a key id is a number', keys, { keyids: [1], threshold: 1 }],
    ['no threshold', keys, { keyids: [] }],
    ['threshold 0', keys, { keyids: [], threshold: 0 }],
    ['threshold -1', keys, { keyids: [], threshold: -1 }],
    ['threshold is text', keys, { keyids: [], threshold: '1' }],
  ])('malformed: %s', (_, value, role) => {
    expect(roleKeys(value, role)).toBeUndefined();
  });

  test.each<[string, Json]>([
    ['another type', { ...(keyOf(SEED) as object), keytype: 'rsa' }],
    ['another scheme', { ...(keyOf(SEED) as object), scheme: 'ed25519ph' }],
    ['31 bytes', ed25519Key(publicKeyOf(SEED).subarray(1)) as unknown as Json],
    [
      'upper case',
      { keytype: 'ed25519', scheme: 'ed25519', keyval: { public: toHex(publicKeyOf(SEED)).toUpperCase() } },
    ],
    ['no key value', { keytype: 'ed25519', scheme: 'ed25519' }],
    ['null', null],
  ])('a key that counts for nothing: %s', (_, key) => {
    const id = keyIdOf(key);
    expect(roleKeys({ [id]: key }, { keyids: [id], threshold: 1 })?.keys.size).toBe(0);
  });

  test('a key under an id that is not its own counts for nothing', () => {
    const foreign = '0'.repeat(64);
    const names = [foreign, '__proto__', 'constructor', 'toString'];
    const role = roleKeys({ [foreign]: keyOf(SEED) }, { keyids: names, threshold: 1 });
    expect(role?.keys.size).toBe(0);
  });

  test('one key listed nine times is one key', () => {
    const role = roleKeys(keys, { keyids: Array<string>(9).fill(idOf(SEED)), threshold: 6 });
    expect(role?.keys.size).toBe(1);
    expect(role && meetsThreshold(MESSAGE, signAll(MESSAGE, [SEED]), role)).toBe(false);
  });
});

test('a key id is the digest of the key in canonical JSON', () => {
  const publicKey =
    fromHex('8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c') ?? new Uint8Array();
  const key = ed25519Key(publicKey) as unknown as Json;
  expect(canonicalJson(key).toString()).toBe(
    '{"keytype":"ed25519","keyval":{"public":"8a88e3dd7409f195fd52db2d3cba5d72ca6709bf1d94121bf3748801b40f6f5c"},"scheme":"ed25519"}',
  );
  expect(keyIdOf(key)).toBe('7ab6b86cb2c9684b0ddc10896153aa2595decf4d4327a5ff1a8ab7422c828b12');
});
