import { publicKeyOf, signEd25519 } from '@swupd/shared';
import { expect, test } from 'vitest';
import type { Json } from '../json/canonical-json.ts';
import { ed25519Key, keyIdOf } from './key.ts';
import { PRODUCTION } from './key-policy.ts';

const SEED = new Uint8Array(32).fill(7);
const PUBLIC = Buffer.from(publicKeyOf(SEED)).toString('hex');
const KEY = ed25519Key(publicKeyOf(SEED)) as { readonly [field: string]: Json };

test('an Ed25519 key under its own id counts, and verifies', () => {
  const key = PRODUCTION(keyIdOf(KEY), KEY);
  expect(key?.identity).toBe(`ed25519 ${PUBLIC}`);
  const message = Buffer.from('message');
  expect(key?.verify(signEd25519(message, SEED), message)).toBe(true);
  expect(key?.verify(signEd25519(message, SEED), Buffer.from('another'))).toBe(false);
});

test('a field that nobody knows changes the id, not the key', () => {
  const extended = { ...KEY, comment: 'x' };
  expect(PRODUCTION(keyIdOf(extended), extended)?.identity).toBe(`ed25519 ${PUBLIC}`);
  expect(PRODUCTION(keyIdOf(KEY), extended)).toBeUndefined();
});

test.each<[string, Json]>([
  ['another type', { ...KEY, keytype: 'ecdsa' }],
  ['another scheme', { ...KEY, scheme: 'ed25519ph' }],
  ['no value', { keytype: 'ed25519', scheme: 'ed25519' }],
  ['a value that is a text', { ...KEY, keyval: PUBLIC }],
  ['no text', { ...KEY, keyval: { public: 7 } }],
  ['upper case', { ...KEY, keyval: { public: PUBLIC.toUpperCase() } }],
  ['a byte too few', { ...KEY, keyval: { public: PUBLIC.slice(2) } }],
  ['a byte too many', { ...KEY, keyval: { public: `${PUBLIC}00` } }],
  ['no digits', { ...KEY, keyval: { public: 'x'.repeat(64) } }],
  ['a list', [KEY]],
  ['nothing', null],
])('%s counts for nothing', (_, key) => {
  expect(PRODUCTION(keyIdOf(key), key)).toBeUndefined();
});
