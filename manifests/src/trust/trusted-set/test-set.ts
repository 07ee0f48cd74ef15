import { publicKeyOf } from '@swupd/shared';
import type { Json } from '../json/canonical-json.ts';
import { ed25519Key } from '../keys/key.ts';
import { PRODUCTION } from '../keys/key-policy.ts';
import { type SignedFields, signEnvelope } from '../metadata/envelope.ts';
import { type RootInput, rootFields } from '../metadata/root.ts';
import { openTrust, type TrustedSet } from './trusted-set.ts';

/** When the sets of these tests begin, and when what is signed here expires unless it says otherwise. Seconds since 1970. */
export const TIME = 1_800_000_000;
export const EXPIRES = TIME + 1000;

/** A seed for a letter. */
export function seed(letter: string): Uint8Array {
  return new Uint8Array(32).fill(letter.charCodeAt(0));
}

/** The public keys of some letters. */
export function keysOf(letters: string): Json[] {
  return [...letters].map((letter) => ed25519Key(publicKeyOf(seed(letter))));
}

/** Metadata that the keys of some letters sign. */
export function signed(fields: SignedFields, letters: string): Buffer {
  return signEnvelope(
    fields,
    [...letters].map((letter) => seed(letter)),
  );
}

/** A root with the keys `r` for root, `t`, `s` and `g` for timestamp, snapshot and targets. */
export function rootOf(fields: Partial<RootInput> = {}): SignedFields {
  const one = (letters: string) => ({ keys: keysOf(letters), threshold: 1 });
  const roles = { root: one('r'), timestamp: one('t'), snapshot: one('s'), targets: one('g') };
  return rootFields({ version: 1, expires: EXPIRES, roles, ...fields });
}

export function openSet(fields: Partial<RootInput> = {}, clock = TIME): TrustedSet {
  return openTrust({ root: signed(rootOf(fields), 'r'), clock, policy: PRODUCTION });
}
