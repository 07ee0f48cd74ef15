import { describe, expect, test } from 'vitest';
import { KEY_ROLES } from '../keys/key-role.ts';
import { revokeKey, rotateKeys } from './change-keys.ts';
import { offeredVersions } from './channel-pages.ts';
import { findKey, groupOf, parseKeyRole } from './key-roles.ts';
import { offerBuild } from './offer-build.ts';
import { signersOf } from './policy.ts';
import { found, group, publish, TIME, testKey, testKeyId, testOffer } from './test-metadata.ts';
import { changeTo, publishedPolicy, rolesOf, workingPolicy } from './working-policy.ts';

/** Two pages of stable, and beta. */
function withOffers() {
  const versions = Array.from({ length: 13 }, (_, i) => i + 1);
  const state = versions.reduce(
    (before, version) =>
      publish(before, offerBuild({ state: before, time: TIME }, 'stable', testOffer(version))),
    found(),
  );
  return publish(state, offerBuild({ state, time: TIME }, 'beta', testOffer(1)));
}

describe('rotateKeys', () => {
  test.each([
    ['root', 1, ['root', 'targets']],
    ['release', 11, ['targets', 'stable', 'stable.1', 'beta']],
    ['build', 21, ['targets']],
    ['snapshot', 31, ['root']],
    ['timestamp', 41, ['root']],
  ] as const)('of %s signs anew what its keys stand in and what they sign', (role, old, changed) => {
    const state = withOffers();
    const change = rotateKeys({ state, time: TIME }, { role, replace: [testKeyId(old)], add: [testKey(99)] });
    expect(rolesOf(change).sort()).toEqual([...changed].sort());
    const after = publishedPolicy(publish(state, change));
    const { keys, threshold } = groupOf(after, role);
    expect(keys).toContainEqual(testKey(99));
    expect(keys).not.toContainEqual(testKey(old));
    expect(threshold).toBe(groupOf(publishedPolicy(state), role).threshold);
    for (const other of KEY_ROLES.filter((name) => name !== role)) {
      expect(groupOf(after, other)).toEqual(groupOf(publishedPolicy(state), other));
    }
  });

  test('two in one go, one after the other, are one version', () => {
    const state = withOffers();
    const base = { state, time: TIME };
    const prepared = rotateKeys(base, { role: 'root', replace: [testKeyId(1)], add: [testKey(91)] });
    const both = { ...base, prepared };
    const change = rotateKeys(both, { role: 'snapshot', replace: [testKeyId(31)], add: [testKey(92)] });
    expect(change.root?.version).toBe(2);
    const after = workingPolicy({ ...both, prepared: change });
    expect(groupOf(after, 'root')).toEqual(group(2, 2, 3, 91));
    expect(groupOf(after, 'snapshot')).toEqual(group(1, 92));
  });

  test('root and targets that wait stay as they are when something else changes', () => {
    const state = withOffers();
    const base = { state, time: TIME };
    const waiting = rotateKeys(base, { role: 'root', replace: [testKeyId(1)], add: [testKey(91)] });
    const change = offerBuild({ ...base, prepared: waiting, time: TIME + 5 }, 'beta', testOffer(30));
    expect(change.root).toBe(waiting.root);
    expect(change.targets).toBe(waiting.targets);
    expect(rolesOf(change)).toEqual(['root', 'targets', 'beta']);
  });

  test('pages of a channel are signed by the keys of the channel', () => {
    const state = withOffers();
    const change = rotateKeys(
      { state, time: TIME },
      { role: 'release', replace: [testKeyId(12)], add: [testKey(99)] },
    );
    const after = publishedPolicy(publish(state, change));
    for (const role of ['stable', 'stable.1', 'beta'])
      expect(signersOf(after, role)).toMatchObject(group(2, 11, 13, 99));
  });

  test.each([1, 3])('threshold %i with the same keys', (threshold) => {
    const state = withOffers();
    const rotation = { role: 'release', replace: [], add: [], threshold } as const;
    const change = rotateKeys({ state, time: TIME }, rotation);
    expect(rolesOf(change).sort()).toEqual(['beta', 'stable', 'stable.1', 'targets']);
    expect(groupOf(publishedPolicy(publish(state, change)), 'release')).toEqual(group(threshold, 11, 12, 13));
  });

  test('pages that were written with the old keys meanwhile get the new ones', () => {
    const state = withOffers();
    const base = { state, time: TIME };
    const rotation = { role: 'release', replace: [testKeyId(12)], add: [testKey(99)] } as const;
    const rotated = rotateKeys(base, rotation);
    const offered = offerBuild(base, 'stable', testOffer(50));
    const channels = new Map([...rotated.channels, ...offered.channels]);
    const both = { ...base, prepared: { ...rotated, channels } };
    const change = changeTo(workingPolicy(both), both);
    const after = publishedPolicy(publish(state, change));
    expect(offeredVersions(after, 'stable')).toContain(50);
    expect(signersOf(after, 'stable.1')).toMatchObject(group(2, 11, 13, 99));
  });

  test.each([
    ['unknown-key', { role: 'root', replace: [testKeyId(11)], add: [testKey(99)] }],
    ['key-in-use', { role: 'root', replace: [testKeyId(1)], add: [testKey(11)] }],
    ['threshold-unreachable', { role: 'root', replace: [testKeyId(1), testKeyId(2)], add: [] }],
    ['threshold-unreachable', { role: 'build', replace: [], add: [], threshold: 2 }],
  ] as const)('%s', (code, rotation) => {
    expect(() => rotateKeys({ state: found(), time: TIME }, rotation)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('revokeKey', () => {
  test('leaves the others, and the threshold', () => {
    const state = withOffers();
    const after = publishedPolicy(
      publish(state, revokeKey({ state, time: TIME }, testKeyId(12).slice(0, 12))),
    );
    expect(groupOf(after, 'release')).toEqual(group(2, 11, 13));
  });

  test.each([
    ['threshold-unreachable', testKeyId(21)],
    ['unknown-key', testKeyId(77)],
    ['unknown-key', testKeyId(1).slice(0, 7)],
    ['unknown-key', ''],
  ])('%s', (code, id) => {
    expect(() => revokeKey({ state: found(), time: TIME }, id)).toThrow(expect.objectContaining({ code }));
  });

  test('a second one would leave too few', () => {
    const state = publish(found(), revokeKey({ state: found(), time: TIME }, testKeyId(1)));
    expect(() => revokeKey({ state, time: TIME }, testKeyId(2))).toThrow(
      expect.objectContaining({ code: 'threshold-unreachable' }),
    );
  });
});

test('a key is found by its id or the beginning of it', () => {
  const policy = publishedPolicy(found());
  expect(findKey(policy, testKeyId(41).slice(0, 8))).toMatchObject({
    id: testKeyId(41),
    roles: ['timestamp'],
  });
});

test('targets is another word for root; other words are none', () => {
  expect(parseKeyRole('targets')).toBe('root');
  expect(() => parseKeyRole('stable')).toThrow(expect.objectContaining({ code: 'unknown-role' }));
});
