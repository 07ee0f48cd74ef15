// One bad vector for each rule of the four kinds of metadata: whoever signed it, it is of no use, and the error says whose it is.
import { publicKeyOf } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import type { Json } from '../json/canonical-json.ts';
import { ed25519Key, keyIdOf } from '../keys/key.ts';
import { PRODUCTION } from '../keys/key-policy.ts';
import type { SignedFields } from './envelope.ts';
import { readRoot, rootFields } from './root.ts';
import { readSnapshot, snapshotFields } from './snapshot.ts';
import { readTargets, targetsFields } from './targets.ts';
import { readTimestamp, timestampFields } from './timestamp.ts';

const EXPIRES = 1_900_000_000;
const BYTES = Buffer.from('bytes');
const KEY = ed25519Key(publicKeyOf(new Uint8Array(32).fill(1)));
const KEYS = { keys: [KEY], threshold: 1 };
const COMMON = { version: 2, expires: EXPIRES };

const ROOT = rootFields({
  ...COMMON,
  product: 'p',
  roles: { root: KEYS, timestamp: KEYS, snapshot: KEYS, targets: KEYS },
});
const TIMESTAMP = timestampFields({
  ...COMMON,
  time: EXPIRES - 9,
  product: 'p',
  snapshot: { version: 3, bytes: BYTES },
});
const SNAPSHOT = snapshotFields({ ...COMMON, meta: { targets: { version: 4, bytes: BYTES } } });
const DELEGATION = { ...KEYS, name: 'stable', paths: ['stable/*/mom'], terminating: true };
const TARGETS = targetsFields({
  ...COMMON,
  targets: { 'stable/10/mom': { length: 5, hashes: { sha256: 'ab' }, custom: { barrier: true } } },
  delegations: [DELEGATION, { ...DELEGATION, name: 'beta', terminating: false }],
});

type Read = (signed: SignedFields) => unknown;

const root: Read = (signed) => readRoot({ signed, signatures: [] }, BYTES, PRODUCTION);
const timestamp: Read = (signed) => readTimestamp({ signed, signatures: [] }, BYTES);
const snapshot: Read = (signed) => readSnapshot({ signed, signatures: [] }, BYTES);
const targets: Read = (signed) =>
  readTargets({ signed, signatures: [] }, { bytes: BYTES, role: 'stable', policy: PRODUCTION });

const KINDS: readonly [role: string, read: Read, good: SignedFields][] = [
  ['root', root, ROOT],
  ['timestamp', timestamp, TIMESTAMP],
  ['snapshot', snapshot, SNAPSHOT],
  ['stable', targets, TARGETS],
];

describe.each(KINDS)('%s', (role, read, good) => {
  test('what is good is read, with fields that nobody knows', () => {
    expect(read({ ...good, more: 1 })).toMatchObject({
      bytes: BYTES,
      version: 2,
      expires: EXPIRES,
      signed: { more: 1 },
    });
  });

  test.each<[string, SignedFields]>([
    ['another type', { _type: 'other' }],
    ['no version of the format', { spec_version: 1 }],
    ['version 2 of the format', { spec_version: '2.0.0' }],
    ['version 21 of the format', { spec_version: '21.0' }],
    ['version 1 of the format, and nothing else', { spec_version: '1.' }],
    ['a version of the format with something behind it', { spec_version: '1.0.34x' }],
    ['version 0', { version: 0 }],
    ['a version that is a text', { version: '2' }],
    ['an expiry that is no time', { expires: 'never' }],
    ['no expiry', { expires: null }],
  ])('%s', (_, fields) => {
    expectBad(role, () => read({ ...good, ...fields }));
  });
});

test('the type of one kind does not pass for another', () => {
  for (const [role, read, own] of KINDS)
    for (const [, , other] of KINDS)
      if (other !== own) expectBad(role, () => read({ ...own, _type: other._type as Json }));
});

const roles = (fields: { readonly [field: string]: Json }): Json => ({
  ...(ROOT.roles as object),
  ...fields,
});

test.each<[string, SignedFields]>([
  ['consistent_snapshot is no boolean', { consistent_snapshot: 1 }],
  ['the product is no text', { product: 1 }],
  ['no roles', { roles: [] }],
  ['no keys', { keys: [] }],
  ['a key that nobody uses, malformed', { keys: { ...(ROOT.keys as object), other: 'x' } }],
  ['a role that nobody knows, malformed', { roles: roles({ mirrors: { keyids: [], threshold: 0 } }) }],
  ...['root', 'timestamp', 'snapshot', 'targets'].map((role): [string, SignedFields] => [
    `the role ${role} has threshold 0`,
    { roles: roles({ [role]: { keyids: [keyIdOf(KEY)], threshold: 0 } }) },
  ]),
])('root: %s', (_, fields) => {
  expectBad('root', () => root({ ...ROOT, ...fields }));
});

test('root: what it says', () => {
  const {
    roles: found,
    product,
    consistentSnapshot,
  } = readRoot({ signed: ROOT, signatures: [] }, BYTES, PRODUCTION);
  expect([product, consistentSnapshot]).toEqual(['p', true]);
  for (const { keys, threshold } of Object.values(found))
    expect([[...keys.keys()], threshold]).toEqual([[keyIdOf(KEY)], 1]);
});

test.each<[string, SignedFields]>([
  ['a time that is no time', { time: 'now' }],
  ['a product that is no text', { product: 7 }],
  ['no list of files', { meta: [] }],
  ['no file', { meta: {} }],
  ['two files', { meta: { ...(TIMESTAMP.meta as object), 'x.json': { version: 1 } } }],
  ['another file', { meta: { 'x.json': { version: 1 } } }],
  ['a file without version', { meta: { 'snapshot.json': {} } }],
])('timestamp: %s', (_, fields) => {
  expectBad('timestamp', () => timestamp({ ...TIMESTAMP, ...fields }));
});

test('timestamp: what it says', () => {
  expect(timestamp(TIMESTAMP)).toMatchObject({ time: EXPIRES - 9, product: 'p', snapshot: { version: 3 } });
  const { time: _t, product: _p, ...plain } = TIMESTAMP;
  expect(timestamp(plain)).toMatchObject({ time: undefined, product: undefined });
});

test.each<[string, SignedFields]>([
  ['no list of files', { meta: [] }],
  ['a file without version', { meta: { 'targets.json': {} } }],
  ['a file that is no JSON', { meta: { 'targets.xml': { version: 1 } } }],
])('snapshot: %s', (_, fields) => {
  expectBad('snapshot', () => snapshot({ ...SNAPSHOT, ...fields }));
});

test('snapshot: what it says, by role', () => {
  expect(snapshot(SNAPSHOT)).toMatchObject({
    meta: new Map([['targets', expect.objectContaining({ version: 4 })]]),
  });
});

const target = (fields: { readonly [field: string]: Json }): Json => ({
  'stable/10/mom': { length: 5, hashes: { sha256: 'ab' }, ...fields },
});
const [FIRST, SECOND] = (TARGETS.delegations as { roles: readonly [SignedFields, SignedFields] }).roles;
const delegations = (first: { readonly [field: string]: Json }): Json => ({
  ...(TARGETS.delegations as object),
  roles: [{ ...FIRST, ...first }, SECOND],
});
const { paths: _paths, ...PATHLESS } = FIRST;
const prefixed = (prefixes: Json): Json => ({
  ...(TARGETS.delegations as object),
  roles: [{ ...PATHLESS, path_hash_prefixes: prefixes }],
});

test.each<[string, SignedFields]>([
  ['no targets', { targets: [] }],
  ['a target that is a text', { targets: { a: 'x' } }],
  ['a target that is null', { targets: { a: null } }],
  ['a negative length', { targets: target({ length: -1 }) }],
  ['a length that is a text', { targets: target({ length: '5' }) }],
  ['no hashes', { targets: target({ hashes: {} }) }],
  ['delegations that are a list', { delegations: [] }],
  ['no delegated roles', { delegations: { keys: {} } }],
  ['keys that are no table', { delegations: { ...(TARGETS.delegations as object), keys: { a: 1 } } }],
  ['a delegated role that is null', { delegations: { keys: {}, roles: [null] } }],
  ['a delegated role that is a text', { delegations: { keys: {}, roles: ['x'] } }],
  ['a delegated role without name', { delegations: delegations({ name: '' }) }],
  ['a name that is no text', { delegations: delegations({ name: 7 }) }],
  ['a name twice', { delegations: delegations({ name: 'beta' }) }],
  ['threshold 0', { delegations: delegations({ threshold: 0 }) }],
  ['terminating that is no boolean', { delegations: delegations({ terminating: 1 }) }],
  ['paths that are no list', { delegations: delegations({ paths: 'x' }) }],
  ['a path that is no text', { delegations: delegations({ paths: ['a', 7] }) }],
  ['paths and prefixes', { delegations: delegations({ path_hash_prefixes: ['a'] }) }],
  ['neither paths nor prefixes', { delegations: { ...(TARGETS.delegations as object), roles: [PATHLESS] } }],
  ['a prefix that is no text', { delegations: prefixed([7]) }],
  ...['root', 'timestamp', 'snapshot', 'targets'].map((name): [string, SignedFields] => [
    `a delegated role called ${name}`,
    { delegations: delegations({ name }) },
  ]),
])('targets: %s', (_, fields) => {
  expectBad('stable', () => targets({ ...TARGETS, ...fields }));
});

test('targets: what they say', () => {
  expect(targets(TARGETS)).toMatchObject({
    targets: new Map([['stable/10/mom', { path: 'stable/10/mom', length: 5, custom: { barrier: true } }]]),
    delegations: [
      { name: 'stable', paths: ['stable/*/mom'], pathHashPrefixes: undefined, terminating: true },
      { name: 'beta', terminating: false },
    ],
  });
  expect(targets({ ...TARGETS, targets: target({ length: 0 }) })).toBeDefined();
  expect(targets({ ...TARGETS, delegations: prefixed(['ab']) })).toMatchObject({
    delegations: [{ paths: undefined, pathHashPrefixes: ['ab'] }],
  });
  const { delegations: _, ...plain } = TARGETS;
  expect(targets(plain)).toMatchObject({ delegations: [] });
});

function expectBad(role: string, read: () => unknown): void {
  expect(read).toThrow(expect.objectContaining({ code: 'bad-metadata', details: { role } }));
}
