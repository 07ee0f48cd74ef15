import { publicKeyOf } from '@swupd/shared';
import { expect, test } from 'vitest';
import type { Json } from './canonical-json.ts';
import { parseEnvelope, signEnvelope } from './envelope.ts';
import { formatRoot, parseRoot } from './root.ts';

const SEED = new Uint8Array(32).fill(1);
const OTHER = new Uint8Array(32).fill(2);
const KEY = publicKeyOf(SEED);
const GOOD = formatRoot({
  version: 1,
  expires: 1_767_225_600,
  publicKeys: { root: KEY, timestamp: KEY, snapshot: KEY, targets: KEY },
  rootSeed: SEED,
});
type Fields = { readonly [key: string]: Json };
const FIELDS: Fields = parseEnvelope(GOOD)?.signed ?? {};
const roles = FIELDS.roles as Fields;

test('one key may speak for all roles', () => {
  expect(parseRoot(GOOD).roles.targets.keys.size).toBe(1);
});

test('unknown fields are accepted', () => {
  expect(parseRoot(signEnvelope({ ...FIELDS, more: [1] }, [SEED])).version).toBe(1);
});

test('an expired root is parsed: what to do with it is the caller’s business', () => {
  expect(parseRoot(signEnvelope({ ...FIELDS, expires: '1970-01-01T00:00:00Z' }, [SEED])).expires).toBe(0);
});

const without = (key: string): Fields =>
  Object.fromEntries(Object.entries(FIELDS).filter(([name]) => name !== key));

test.each<[string, Fields]>([
  ['other type', { ...FIELDS, _type: 'timestamp' }],
  ['no type', without('_type')],
  ['spec version 2', { ...FIELDS, spec_version: '2.0.0' }],
  ['spec version 1 without point', { ...FIELDS, spec_version: '10.0' }],
  ['spec version is a number', { ...FIELDS, spec_version: 1 }],
  ['no spec version', without('spec_version')],
  ['version 0', { ...FIELDS, version: 0 }],
  ['version -1', { ...FIELDS, version: -1 }],
  ['version is text', { ...FIELDS, version: '1' }],
  ['no version', without('version')],
  ['expiry with an offset', { ...FIELDS, expires: '2026-01-01T00:00:00+02:00' }],
  ['no expiry', without('expires')],
  ['no keys', without('keys')],
  ['keys is a list', { ...FIELDS, keys: [] }],
  ['keys empty', { ...FIELDS, keys: {} }],
  ['no roles', without('roles')],
  ['roles is null', { ...FIELDS, roles: null }],
  ['roles is a text', { ...FIELDS, roles: 'root' }],
  ['no snapshot role', { ...FIELDS, roles: { ...roles, snapshot: null } }],
  ['threshold 0', { ...FIELDS, roles: { ...roles, root: { ...(roles.root as Fields), threshold: 0 } } }],
  [
    'threshold 2 with one key',
    { ...FIELDS, roles: { ...roles, root: { ...(roles.root as Fields), threshold: 2 } } },
  ],
])('signed, but %s', (_, fields) => {
  expect(() => parseRoot(signEnvelope(fields, [SEED]))).toThrow(
    expect.objectContaining({ area: 'trust', code: 'bad-root' }),
  );
});

test.each<[string, Uint8Array]>([
  ['empty', Buffer.alloc(0)],
  ['no JSON', Buffer.from('<html>')],
  ['without envelope', Buffer.from(JSON.stringify(FIELDS))],
  ['signed by nobody', signEnvelope(FIELDS, [])],
  ['signed by another key', signEnvelope(FIELDS, [OTHER])],
  ['truncated', GOOD.subarray(0, -1)],
  ['with something behind it', Buffer.concat([GOOD, Buffer.from('x')])],
])('a root that is %s', (_, bytes) => {
  expect(() => parseRoot(bytes)).toThrow(expect.objectContaining({ area: 'trust', code: 'bad-root' }));
});
