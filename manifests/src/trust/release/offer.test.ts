import { type Digest, LIMITS } from '@swupd/shared';
import { expect, test } from 'vitest';
import type { Json } from '../json/canonical-json.ts';
import type { TargetFile, Targets } from '../metadata/targets.ts';
import { channelPaths, formatOffer, isChannelName, type Offer, offerPath, offersOf } from './offer.ts';

const DIGEST = 'ab'.repeat(32) as Digest;
const PLAIN = {
  digest: DIGEST,
  size: 5,
  minFrom: undefined,
  barrier: false,
  urgent: false,
  reason: undefined,
} as const;

function page(...files: readonly Partial<TargetFile>[]): Targets {
  const targets = files.map((file): [string, TargetFile] => {
    const path = file.path ?? 'stable/10/mom';
    return [path, { path, length: 5, hashes: new Map([['sha256', DIGEST]]), custom: undefined, ...file }];
  });
  return {
    bytes: Buffer.alloc(0),
    version: 1,
    expires: 1,
    signed: {},
    targets: new Map(targets),
    delegations: [],
  };
}

test.each<Partial<Offer>>([
  {},
  { minFrom: 7 },
  { barrier: true },
  { urgent: true },
  { reason: 'a fix' },
  { minFrom: 1, barrier: true, urgent: true, reason: '' },
])('what is written is read: %j', (fields) => {
  const { length, hashes, custom } = formatOffer({ ...PLAIN, ...fields });
  expect(custom).toEqual(Object.keys(fields).length === 0 ? undefined : fields);
  const file = { length, hashes: new Map(Object.entries(hashes)), custom };
  expect(offersOf(page(file), 'stable')).toEqual([
    { ...PLAIN, ...fields, channel: 'stable', version: 10, path: 'stable/10/mom' },
  ]);
});

test('oldest first, whatever the order of their paths', () => {
  const files = [9, 100, 20].map((version) => ({ path: offerPath('stable', version) }));
  expect(offersOf(page(...files), 'stable').map(({ version }) => version)).toEqual([9, 20, 100]);
});

test.each([
  'beta/10/mom',
  'stable/10/mom2',
  'stable/10/mom/x',
  'stable/10',
  'stable',
  'stable//mom',
  'stable/0/mom',
  'stable/010/mom',
  'stable/10x/mom',
  'stable/10\n/mom',
  'stable/-1/mom',
  'stable/9007199254740993/mom',
  'stable/90071992547409931/mom',
])('%s is no build of stable', (path) => {
  expect(offersOf(page({ path }), 'stable')).toEqual([]);
});

test.each<[string, Partial<TargetFile>]>([
  ['no SHA-256', { hashes: new Map([['sha512', DIGEST]]) }],
  ['a digest that is none', { hashes: new Map([['sha256', 'AB']]) }],
  ['no length', { length: 0 }],
  ['an enormous length', { length: LIMITS.mom + 1 }],
  ...(
    [
      'x',
      [],
      null,
      { minFrom: 0 },
      { minFrom: '1' },
      { barrier: 1 },
      { urgent: 'yes' },
      { reason: 7 },
    ] satisfies Json[]
  ).map((custom): [string, Partial<TargetFile>] => [JSON.stringify(custom), { custom }]),
])('%s is malformed', (_, file) => {
  expect(() => offersOf(page(file), 'stable')).toThrow(
    expect.objectContaining({ code: 'bad-metadata', details: { role: 'stable' } }),
  );
});

test.each([{ length: 1 }, { length: LIMITS.mom }, { custom: { more: 1 } }])('%j is fine', (file) => {
  expect(offersOf(page(file), 'stable')).toHaveLength(1);
});

test.each([
  ['stable', true],
  ['beta-2', true],
  ['b', true],
  [`a${'b'.repeat(31)}`, true],
  [`a${'b'.repeat(32)}`, false],
  ['', false],
  ['Stable', false],
  ['2beta', false],
  ['stable.1', false],
  ['a/b', false],
  ['..', false],
  ['stable\n', false],
  ['build', false],
  ['root', false],
  ['targets', false],
  ['snapshot', false],
  ['timestamp', false],
])('%j may be a channel: %j', (name, expected) => {
  expect(isChannelName(name)).toBe(expected);
});

test('the pattern of a channel covers its paths', () => {
  expect(channelPaths('stable')).toEqual(['stable/*/mom']);
});
