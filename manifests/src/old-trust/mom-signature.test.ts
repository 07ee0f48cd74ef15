import { bytesOf, publicKeyOf, sha256 } from '@swupd/shared';
import { expect, test } from 'vitest';
import { formatMom } from '../mom-codec.ts';
import type { Json } from './canonical-json.ts';
import { ed25519Key, keyIdOf } from './key.ts';
import { formatMomSignatures, verifyMom } from './mom-signature.ts';
import { formatRoot, parseRoot, type Root } from './root.ts';

const SEEDS = [1, 2, 3].map((value) => new Uint8Array(32).fill(value)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const [ROOT_SEED, SEED, SECOND] = SEEDS;
const other = publicKeyOf(ROOT_SEED);
const ROOT = parseRoot(
  formatRoot({
    version: 1,
    expires: 0,
    publicKeys: { root: other, timestamp: other, snapshot: other, targets: publicKeyOf(SEED) },
    rootSeed: ROOT_SEED,
  }),
);
const MOM = formatMom({ version: 20, previous: 10, time: 0, bundles: [] });
const RELEASE = { version: 20, digest: sha256(MOM), size: MOM.length };
const SIGNED = formatMomSignatures(MOM, [SEED]);

test('a good one, with and without a pointer', () => {
  expect(verifyMom({ mom: MOM, signatures: SIGNED }, ROOT, RELEASE).version).toBe(20);
  expect(verifyMom({ mom: MOM, signatures: SIGNED }, ROOT, undefined).version).toBe(20);
});

test('signatures of others beside it do no harm', () => {
  const signatures = formatMomSignatures(MOM, SEEDS);
  expect(verifyMom({ mom: MOM, signatures }, ROOT, RELEASE).version).toBe(20);
});

test('a threshold of two needs two keys', () => {
  const second = keyIdOf(ed25519Key(publicKeyOf(SECOND)) as unknown as Json);
  const keys = new Map([...ROOT.roles.targets.keys, [second, publicKeyOf(SECOND)]]);
  const root: Root = { ...ROOT, roles: { ...ROOT.roles, targets: { keys, threshold: 2 } } };
  const both = formatMomSignatures(MOM, [SEED, SECOND]);
  expect(verifyMom({ mom: MOM, signatures: both }, root, RELEASE).version).toBe(20);
  expect(() => verifyMom({ mom: MOM, signatures: SIGNED }, root, RELEASE)).toThrow(
    expect.objectContaining({ code: 'bad-mom-signature' }),
  );
});

test.each<[string, Uint8Array]>([
  ['empty', Buffer.alloc(0)],
  ['no JSON', Buffer.from('<html>')],
  ['a list', Buffer.from('[]')],
  ['without signatures', Buffer.from('{}')],
  ['signatures null', Buffer.from('{"signatures":null}')],
  ['by nobody', formatMomSignatures(MOM, [])],
  ['by the root key', formatMomSignatures(MOM, [ROOT_SEED])],
  ['of another MoM', formatMomSignatures(Buffer.concat([MOM, MOM]), [SEED])],
  ['twice the same', Buffer.from(SIGNED.toString().replace(/\[(.*)\]/, '[$1,$1]'))],
])('signatures: %s', (_, signatures) => {
  for (const release of [RELEASE, undefined]) {
    expect(() => verifyMom({ mom: MOM, signatures }, ROOT, release)).toThrow(
      expect.objectContaining({ area: 'trust', code: 'bad-mom-signature' }),
    );
  }
});

test.each([
  ['digest', { ...RELEASE, digest: sha256(Buffer.alloc(0)) }],
  ['size', { ...RELEASE, size: RELEASE.size + 1 }],
  ['build', { ...RELEASE, version: 21 }],
])('the pointer names another %s', (_, release) => {
  expect(() => verifyMom({ mom: MOM, signatures: SIGNED }, ROOT, release)).toThrow(
    expect.objectContaining({ area: 'trust', code: 'mom-mismatch' }),
  );
});

test('nothing is parsed before it is verified', () => {
  const mom = bytesOf('garbage');
  const check = (signatures: Uint8Array): void => void verifyMom({ mom, signatures }, ROOT, undefined);
  expect(() => check(SIGNED)).toThrow(expect.objectContaining({ area: 'trust', code: 'bad-mom-signature' }));
  expect(() => check(formatMomSignatures(mom, [SEED]))).toThrow(
    expect.objectContaining({ area: 'format', code: 'bad-manifest' }),
  );
});

test('a valid signature does not excuse a MoM that breaks its grammar', () => {
  const mom = formatMom({ version: 10, previous: 20, time: 0, bundles: [] });
  expect(() => verifyMom({ mom, signatures: formatMomSignatures(mom, [SEED]) }, ROOT, undefined)).toThrow(
    expect.objectContaining({ area: 'format', code: 'bad-manifest' }),
  );
});
