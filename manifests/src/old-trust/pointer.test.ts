import { LIMITS, publicKeyOf, sha256 } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import type { Json } from './canonical-json.ts';
import { parseEnvelope, signEnvelope } from './envelope.ts';
import { checkPointer, formatPointer, type Pointer, parsePointer } from './pointer.ts';
import { formatRoot, parseRoot } from './root.ts';

const NOW = 1_767_225_600;
const DAY = 86_400;
const SEED = new Uint8Array(32).fill(2);
const ROOT_SEED = new Uint8Array(32).fill(1);
const rootOf = (expires: number) =>
  parseRoot(
    formatRoot({
      version: 1,
      expires,
      publicKeys: {
        root: publicKeyOf(ROOT_SEED),
        timestamp: publicKeyOf(SEED),
        snapshot: publicKeyOf(ROOT_SEED),
        targets: publicKeyOf(ROOT_SEED),
      },
      rootSeed: ROOT_SEED,
    }),
  );
const ROOT = rootOf(NOW + 365 * DAY);
const POINTER: Pointer = {
  version: 7,
  expires: NOW + 30 * DAY,
  release: { version: 20, digest: sha256(Buffer.from('mom')), size: 3 },
};
const GOOD = formatPointer(POINTER, SEED);
type Fields = { readonly [key: string]: Json };
const FIELDS: Fields = parseEnvelope(GOOD)?.signed ?? {};
const NAME = 'releases/20/mom';
const META = (FIELDS.meta as Fields)[NAME] as Fields;
const withMeta = (fields: Fields): Fields => ({ ...FIELDS, meta: { [NAME]: { ...META, ...fields } } });

test('a good one', () => {
  expect(parsePointer(GOOD, ROOT)).toEqual(POINTER);
});

test.each<[string, Fields]>([
  ['other type', { ...FIELDS, _type: 'root' }],
  ['other spec version', { ...FIELDS, spec_version: '2.0.0' }],
  ['version 0', { ...FIELDS, version: 0 }],
  ['version is text', { ...FIELDS, version: '7' }],
  ['expiry malformed', { ...FIELDS, expires: 'never' }],
  ['no meta', { ...FIELDS, meta: null }],
  ['meta empty', { ...FIELDS, meta: {} }],
  ['two in meta', { ...FIELDS, meta: { [NAME]: META, 'snapshot.json': META } }],
  ['TUF’s own snapshot', { ...FIELDS, meta: { 'snapshot.json': META } }],
  ['a name of another build', { ...FIELDS, meta: { 'releases/21/mom': META } }],
  ['a name with leading zero', { ...FIELDS, meta: { 'releases/020/mom': META } }],
  ['a name out of the repository', { ...FIELDS, meta: { '../releases/20/mom': META } }],
  ['build 0', { ...FIELDS, meta: { 'releases/0/mom': { ...META, version: 0 } } }],
  ['no length', withMeta({ length: null })],
  ['length 0', withMeta({ length: 0 })],
  ['length -1', withMeta({ length: -1 })],
  ['length above the limit', withMeta({ length: LIMITS.mom + 1 })],
  ['no hashes', withMeta({ hashes: null })],
  ['no SHA-256', withMeta({ hashes: { sha512: '00' } })],
  ['digest in upper case', withMeta({ hashes: { sha256: 'A'.repeat(64) } })],
  ['digest too short', withMeta({ hashes: { sha256: 'a'.repeat(63) } })],
])('signed, but %s', (_, fields) => {
  expect(() => parsePointer(signEnvelope(fields, [SEED]), ROOT)).toThrow(
    expect.objectContaining({ area: 'trust', code: 'bad-pointer' }),
  );
});

test.each<[string, Uint8Array]>([
  ['empty', Buffer.alloc(0)],
  ['a page of a captive portal', Buffer.from('<html>')],
  ['signed by nobody', signEnvelope(FIELDS, [])],
  ['signed by the root key', signEnvelope(FIELDS, [ROOT_SEED])],
  ['truncated', GOOD.subarray(0, -1)],
  ['deep', Buffer.from('['.repeat(100_000))],
])('a pointer that is %s', (_, bytes) => {
  expect(() => parsePointer(bytes, ROOT)).toThrow(
    expect.objectContaining({ area: 'trust', code: 'bad-pointer' }),
  );
});

describe('against what the device knows', () => {
  const last = POINTER;
  const released = (version: number): Pointer['release'] => ({ ...POINTER.release, version });

  test.each<[string, Pointer, Pointer | undefined]>([
    ['the first', POINTER, undefined],
    ['the same', POINTER, last],
    ['a newer one of the same build', { ...POINTER, version: 8 }, last],
    ['a newer one of a newer build', { ...POINTER, version: 8, release: released(30) }, last],
  ])('taken: %s', (_, pointer, known) => {
    expect(() => checkPointer(pointer, { root: ROOT, last: known, now: NOW })).not.toThrow();
  });

  test.each<[string, Pointer]>([
    ['an older one', { ...POINTER, version: 6 }],
    ['an older one of a newer build', { ...POINTER, version: 6, release: released(30) }],
    ['a newer one of an older build', { ...POINTER, version: 8, release: released(10) }],
  ])('refused: %s', (_, pointer) => {
    expect(() => checkPointer(pointer, { root: ROOT, last, now: NOW })).toThrow(
      expect.objectContaining({ code: 'pointer-rollback' }),
    );
  });

  test.each([
    ['a second before its expiry', POINTER.expires - 1, ROOT, true],
    ['at its expiry', POINTER.expires, ROOT, false],
    ['long after', POINTER.expires + 1000 * DAY, ROOT, false],
    ['under a root that expires now', NOW, rootOf(NOW), false],
    ['under a root that expires a second later', NOW, rootOf(NOW + 1), true],
  ])('%s', (_, now, root, fresh) => {
    const check = (): void => checkPointer(POINTER, { root, last: undefined, now });
    if (fresh) expect(check).not.toThrow();
    else expect(check).toThrow(expect.objectContaining({ code: 'metadata-expired' }));
  });

  test('a rollback is called so even when it is expired too', () => {
    const old = { ...POINTER, version: 1, expires: 1 };
    expect(() => checkPointer(old, { root: ROOT, last, now: NOW })).toThrow(
      expect.objectContaining({ code: 'pointer-rollback' }),
    );
  });
});
