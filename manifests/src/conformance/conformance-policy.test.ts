import { constants, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { expect, test } from 'vitest';
import type { Json } from '../trust/json/canonical-json.ts';
import { CONFORMANCE } from './conformance-policy.ts';

const P256 = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 });
const ED25519 = generateKeyPairSync('ed25519');
const MESSAGE = Buffer.from('message');

const ecdsa = keyOf('ecdsa', 'ecdsa-sha2-nistp256', pem(P256.publicKey));
const rsa = keyOf('rsa', 'rsassa-pss-sha256', pem(RSA.publicKey));
const ed25519 = keyOf(
  'ed25519',
  'ed25519',
  Buffer.from(ED25519.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url').toString('hex'),
);

const pss = (saltLength: number): Buffer =>
  sign('sha256', MESSAGE, { key: RSA.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength });

test.each<[string, Json, Buffer]>([
  ['ECDSA P-256', ecdsa, sign('sha256', MESSAGE, P256.privateKey)],
  ['RSA-PSS', rsa, pss(32)],
  ['RSA-PSS with the longest salt', rsa, pss(constants.RSA_PSS_SALTLEN_MAX_SIGN)],
  ['Ed25519', ed25519, sign(null, MESSAGE, ED25519.privateKey)],
])('%s counts under any id, and verifies', (_, key, signature) => {
  const found = CONFORMANCE('any id', key);
  expect(found?.verify(signature, MESSAGE)).toBe(true);
  expect(found?.verify(signature, Buffer.from('another'))).toBe(false);
  expect(found?.verify(signature.subarray(1), MESSAGE)).toBe(false);
  expect(found?.verify(Buffer.alloc(0), MESSAGE)).toBe(false);
});

test('RSA without PSS is no signature', () => {
  expect(CONFORMANCE('id', rsa)?.verify(sign('sha256', MESSAGE, RSA.privateKey), MESSAGE)).toBe(false);
});

test('one key has one identity, however it is written', () => {
  const spellings = [
    ecdsa,
    { ...ecdsa, more: 1 },
    keyOf('ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp256', `${pem(P256.publicKey)}\n`),
  ];
  expect(new Set(spellings.map((key) => CONFORMANCE('id', key)?.identity)).size).toBe(1);
  expect(CONFORMANCE('id', rsa)?.identity).not.toBe(CONFORMANCE('id', ecdsa)?.identity);
});

const P384 = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const SHORT_RSA = generateKeyPairSync('rsa', { modulusLength: 1024 });
const PRIVATE = P256.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

test.each<[string, Json]>([
  ['another curve', keyOf('ecdsa', 'ecdsa-sha2-nistp256', pem(P384.publicKey))],
  ['a short RSA key', keyOf('rsa', 'rsassa-pss-sha256', pem(SHORT_RSA.publicKey))],
  ['an RSA key that says ECDSA', keyOf('ecdsa', 'ecdsa-sha2-nistp256', pem(RSA.publicKey))],
  ['an ECDSA key that says RSA', keyOf('rsa', 'rsassa-pss-sha256', pem(P256.publicKey))],
  ['type and scheme that do not fit', keyOf('rsa', 'ecdsa-sha2-nistp256', pem(P256.publicKey))],
  ['an unknown scheme', keyOf('rsa', 'rsa-pkcs1v15-sha256', pem(RSA.publicKey))],
  ['a scheme of an object', keyOf('rsa', 'constructor', pem(RSA.publicKey))],
  ['a secret key', keyOf('ecdsa', 'ecdsa-sha2-nistp256', PRIVATE)],
  ['no PEM', keyOf('ecdsa', 'ecdsa-sha2-nistp256', 'abcd')],
  [
    'an empty PEM',
    keyOf('ecdsa', 'ecdsa-sha2-nistp256', '-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n'),
  ],
  ['a long text', keyOf('rsa', 'rsassa-pss-sha256', pem(RSA.publicKey) + '\n'.repeat(10_000))],
  ['no value', { keytype: 'rsa', scheme: 'rsassa-pss-sha256' }],
  ['a number', keyOf('rsa', 'rsassa-pss-sha256', 7)],
  ['nothing', null],
])('%s counts for nothing', (_, key) => {
  expect(CONFORMANCE('id', key)).toBeUndefined();
});

function keyOf(keytype: string, scheme: string, value: Json): { readonly [field: string]: Json } {
  return { keytype, scheme, keyval: { public: value } };
}

function pem(key: KeyObject): string {
  return key.export({ type: 'spki', format: 'pem' }).toString();
}
