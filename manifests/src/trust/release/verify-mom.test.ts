import { publicKeyOf, sha256 } from '@swupd/shared';
import { expect, test } from 'vitest';
import { formatMom } from '../../mom-codec.ts';
import { ed25519Key, keyIdOf } from '../keys/key.ts';
import { ed25519PublicKey } from '../keys/key-policy.ts';
import type { RoleKeys } from '../keys/role-keys.ts';
import { formatMomSignature, signMom, verifyMom } from './verify-mom.ts';

const SEEDS = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte));
const [FIRST = new Uint8Array(), SECOND = new Uint8Array(), STRANGER = new Uint8Array()] = SEEDS;
const MOM = formatMom({ version: 10, previous: 0, time: 1, bundles: [] });
const OFFER = { version: 10, digest: sha256(MOM), size: MOM.length };

function keys(threshold: number): RoleKeys {
  const listed = [FIRST, SECOND].map((seed) => {
    const bytes = publicKeyOf(seed);
    return [keyIdOf(ed25519Key(bytes)), ed25519PublicKey(bytes)] as const;
  });
  return { keys: new Map(listed), threshold };
}

const signed = (...seeds: readonly Uint8Array[]): Uint8Array[] =>
  seeds.map((seed) => formatMomSignature(signMom(MOM, seed)));

test.each([
  ['one of one', 1, signed(FIRST)],
  ['two of two', 2, signed(SECOND, FIRST)],
  ['one that is no signature beside it', 1, [Buffer.from('{}'), Buffer.from('x'), ...signed(FIRST)]],
  ["a stranger's beside it", 1, signed(STRANGER, FIRST)],
])('%s', (_, threshold, signatures) => {
  const mom = { version: 10, previous: 0, time: 1, bundles: [] };
  expect(verifyMom({ mom: MOM, signatures }, keys(threshold), OFFER)).toEqual(mom);
  expect(verifyMom({ mom: MOM, signatures }, keys(threshold), undefined)).toEqual(mom);
});

test.each([
  ['none', 1, []],
  ['one of two', 2, signed(FIRST)],
  ['the same twice', 2, signed(FIRST, FIRST)],
  ["a stranger's", 1, signed(STRANGER)],
  ['that of another MoM', 1, [formatMomSignature(signMom(Buffer.from('x'), FIRST))]],
])('signatures: %s', (_, threshold, signatures) => {
  for (const offer of [OFFER, undefined])
    expect(() => verifyMom({ mom: MOM, signatures }, keys(threshold), offer)).toThrow(
      expect.objectContaining({ code: 'bad-mom-signature', details: { role: 'build' } }),
    );
});

test.each([
  ['another digest', { ...OFFER, digest: sha256(Buffer.from('x')) }],
  ['another size', { ...OFFER, size: MOM.length + 1 }],
  ['another version', { ...OFFER, version: 11 }],
])('what is offered has %s', (_, offer) => {
  expect(() => verifyMom({ mom: MOM, signatures: signed(FIRST) }, keys(1), offer)).toThrow(
    expect.objectContaining({ code: 'mom-mismatch', details: { role: 'build' } }),
  );
});

test('not a byte is parsed before its signature is good', () => {
  const mom = Buffer.from('no MoM at all');
  const offer = { version: 10, digest: sha256(mom), size: mom.length };
  expect(() => verifyMom({ mom, signatures: signed(FIRST) }, keys(1), offer)).toThrow(
    expect.objectContaining({ code: 'bad-mom-signature' }),
  );
});
