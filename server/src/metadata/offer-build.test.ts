import { canonicalJson } from '@swupd/manifests/trust';
import { LIMITS } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { withdrawBuild } from './change-channels.ts';
import { offeredVersions, pagesOf, placeOffer } from './channel-pages.ts';
import { offerBuild, promoteBuild } from './offer-build.ts';
import { channelsOf } from './policy.ts';
import { found, publish, TIME, testOffer } from './test-metadata.ts';
import { publishedPolicy, rolesOf, workingPolicy } from './working-policy.ts';

const DAY = 86_400;

/** Offers builds on stable, one after the other. */
function offerAll(versions: readonly number[], more: (version: number) => object = () => ({})) {
  return versions.reduce(
    (state, version) =>
      publish(state, offerBuild({ state, time: TIME }, 'stable', testOffer(version, more(version)))),
    found(),
  );
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => (i + 1) * 10);

describe('offerBuild', () => {
  test('gives the channel its first metadata, and nothing else a new version', () => {
    const change = offerBuild({ state: found(), time: TIME }, 'stable', testOffer(10));
    expect(Object.keys(change)).toEqual(['channels']);
    expect(rolesOf(change)).toEqual(['stable']);
    expect(change.channels.get('stable')).toMatchObject({
      version: 1,
      targets: { 'stable/10/mom': { length: 4010, hashes: { sha256: testOffer(10).digest } } },
    });
    expect(JSON.stringify(change.channels.get('stable'))).not.toContain('custom');
  });

  test('says what a device has to know, in the signed custom data', () => {
    const offer = testOffer(20, { barrier: true, minFrom: 10, reason: 'new boot loader', urgent: true });
    const { channels } = offerBuild({ state: found(), time: TIME }, 'stable', offer);
    expect(channels.get('stable')).toMatchObject({
      targets: {
        'stable/20/mom': { custom: { barrier: true, minFrom: 10, reason: 'new boot loader', urgent: true } },
      },
    });
  });

  test('fifty builds are all offered, in files of less than 4 KB, each page known to the one before', () => {
    const state = offerAll(upTo(50));
    expect(offeredVersions(publishedPolicy(state), 'stable')).toEqual(upTo(50));
    expect([...state.roles.keys()].sort()).toEqual([
      'stable',
      'stable.1',
      'stable.2',
      'stable.3',
      'stable.4',
    ]);
    for (const [name, { bytes }] of state.roles) expect(bytes.length, name).toBeLessThan(4096);
  });

  test('long reasons make more pages, none of them larger', () => {
    const state = offerAll(upTo(30), () => ({ reason: 'x'.repeat(200), minFrom: 1, urgent: true }));
    expect(offeredVersions(publishedPolicy(state), 'stable')).toEqual(upTo(30));
    for (const [name, { bytes }] of state.roles) expect(bytes.length, name).toBeLessThan(4096);
  });

  test('an older page changes only when builds move into it', () => {
    const before = offerAll(upTo(13));
    const after = publish(before, offerBuild({ state: before, time: TIME }, 'stable', testOffer(140)));
    expect(after.roles.get('stable.1')?.version).toBe(before.roles.get('stable.1')?.version);
    expect(after.roles.get('stable')?.version).toBe(14);
  });

  test('a full page gives its older half away, the lowest numbers whatever came last', () => {
    const state = offerAll([...upTo(12).filter((version) => version > 10), 10, 130]);
    const versionsOn = (role: string) =>
      Object.keys(publishedPolicy(state).pages.get(role)?.targets ?? {}).map((path) =>
        Number(path.split('/')[1]),
      );
    expect(versionsOn('stable.1').sort((a, b) => a - b)).toEqual([10, 20, 30, 40, 50, 60]);
    expect(versionsOn('stable').sort((a, b) => a - b)).toEqual([70, 80, 90, 100, 110, 120, 130]);
    const delegation = { name: 'stable.1', paths: ['stable/*/mom'], terminating: false, threshold: 2 };
    expect(state.roles.get('stable')?.signed.delegations).toMatchObject({ roles: [delegation] });
    expect(state.roles.get('stable.1')?.signed).not.toHaveProperty('delegations');
  });

  test('barriers stay on the first page', () => {
    const state = offerAll(upTo(30), (version) => (version === 20 ? { barrier: true } : {}));
    expect(state.roles.get('stable')?.signed.targets).toHaveProperty(['stable/20/mom']);
  });

  test('pages whose life is half over are renewed along', () => {
    const state = offerAll(upTo(13));
    const time = TIME + 91 * DAY;
    expect(rolesOf(offerBuild({ state, time }, 'stable', testOffer(200)))).toEqual(['stable', 'stable.1']);
  });

  test('goes on from what is prepared', () => {
    const state = offerAll([10]);
    const prepared = offerBuild({ state, time: TIME }, 'stable', testOffer(20));
    const base = { state, prepared, time: TIME };
    const change = offerBuild(base, 'stable', testOffer(30));
    expect(change.channels.get('stable')?.version).toBe(2);
    expect(offeredVersions(workingPolicy({ ...base, prepared: change }), 'stable')).toEqual([10, 20, 30]);
  });

  test.each([
    ['unknown-channel', 'nightly', testOffer(20)],
    ['already-offered', 'stable', testOffer(10)],
    ['bad-offer', 'stable', testOffer(20, { minFrom: 20 })],
    ['bad-offer', 'stable', testOffer(20, { reason: 'two\nlines' })],
    ['bad-offer', 'stable', testOffer(20, { reason: 'x'.repeat(201) })],
  ])('%s on %s', (code, channel, offer) => {
    const state = offerAll([10]);
    expect(() => offerBuild({ state, time: TIME }, channel, offer)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('promoteBuild', () => {
  test('offers the same with the same conditions', () => {
    const offer = testOffer(20, { minFrom: 10, reason: 'because' });
    const state = publish(found(), offerBuild({ state: found(), time: TIME }, 'beta', offer));
    const { channels } = promoteBuild({ state, time: TIME }, 20, { from: 'beta', to: 'stable' });
    const targetOf = (fields: unknown, path: string) =>
      (fields as { targets: Record<string, object> }).targets[path];
    const promoted = targetOf(channels.get('stable'), 'stable/20/mom');
    expect(promoted).toBeDefined();
    expect(promoted).toEqual(targetOf(state.roles.get('beta')?.signed, 'beta/20/mom'));
  });

  test.each([
    ['not-offered', 30, { from: 'beta', to: 'stable' }],
    ['unknown-channel', 20, { from: 'alpha', to: 'stable' }],
    ['unknown-channel', 20, { from: 'beta', to: 'alpha' }],
    ['already-offered', 20, { from: 'beta', to: 'beta' }],
  ])('%s', (code, version, between) => {
    const state = publish(found(), offerBuild({ state: found(), time: TIME }, 'beta', testOffer(20)));
    expect(() => promoteBuild({ state, time: TIME }, version, between)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('withdrawBuild', () => {
  test('takes a build from whatever page it is on', () => {
    const state = offerAll(upTo(20));
    for (const version of [10, 200]) {
      const change = withdrawBuild({ state, time: TIME }, 'stable', version);
      const after = publishedPolicy(publish(state, change));
      expect(offeredVersions(after, 'stable')).toEqual(upTo(20).filter((other) => other !== version));
      expect(rolesOf(change)).toHaveLength(1);
    }
  });

  test('leaves the newest build on the first page, where devices look', () => {
    let state = offerAll(upTo(20));
    const versions = upTo(20);
    for (let newest = versions.pop(); newest !== undefined; newest = versions.pop()) {
      state = publish(state, withdrawBuild({ state, time: TIME }, 'stable', newest));
      const policy = publishedPolicy(state);
      expect(offeredVersions(policy, 'stable')).toEqual(versions);
      const before = versions.at(-1);
      const first = Object.keys(policy.pages.get('stable')?.targets ?? {});
      if (before !== undefined) expect(first).toContain(`stable/${before}/mom`);
    }
  });

  test('the newest that is left is on the first page, where devices look', () => {
    let state = offerAll(upTo(13));
    for (const version of upTo(13).slice(1).reverse()) {
      state = publish(state, withdrawBuild({ state, time: TIME }, 'stable', version));
      expect(Object.keys(publishedPolicy(state).pages.get('stable')?.targets ?? {})).toContain(
        `stable/${version - 10}/mom`,
      );
      expect(offeredVersions(publishedPolicy(state), 'stable').at(-1)).toBe(version - 10);
    }
  });

  test.each([
    ['not-offered', 'stable', 20],
    ['not-offered', 'beta', 10],
    ['unknown-channel', 'nightly', 10],
  ])('%s', (code, channel, version) => {
    const state = offerAll([10]);
    expect(() => withdrawBuild({ state, time: TIME }, channel, version)).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

test('the same change is the same bytes', () => {
  const once = () => offerBuild({ state: offerAll(upTo(12)), time: TIME }, 'stable', testOffer(130));
  const bytes = (change: ReturnType<typeof once>) =>
    [...change.channels].map(([name, fields]) => [name, canonicalJson(fields).toString()]);
  expect(bytes(once())).toEqual(bytes(once()));
  expect(channelsOf(publishedPolicy(found())).map(({ name }) => name)).toEqual(['stable', 'beta']);
});

test('what waits for signatures and is still wanted stays as it is, whatever the time', () => {
  const state = offerAll([10]);
  const prepared = offerBuild({ state, time: TIME }, 'beta', testOffer(20));
  const change = offerBuild({ state, prepared, time: TIME + DAY }, 'stable', testOffer(20));
  expect(change.channels.get('beta')).toBe(prepared.channels.get('beta'));
  expect(rolesOf(change)).toEqual(['stable', 'beta']);
});

test('a channel forgets its oldest builds before devices can follow its pages no more, and reuses no name', () => {
  const names = new Set<string>();
  const barrier = { length: 1, hashes: { sha256: '' }, custom: { barrier: true } };
  let policy = placeOffer(publishedPolicy(found()), 'stable', [1, barrier]);
  for (let version = 2; version <= 700; version++) {
    const before = policy;
    policy = placeOffer(policy, 'stable', [version, { length: 1, hashes: { sha256: '' } }]);
    expect(pagesOf(policy, 'stable').length).toBeLessThan(LIMITS.delegatedRoles - 1);
    expect(policy.pages.size).toBe(pagesOf(policy, 'stable').length);
    for (const name of policy.pages.keys()) {
      expect(names.has(name) && !before.pages.has(name)).toBe(false);
      names.add(name);
    }
  }
  const offered = offeredVersions(policy, 'stable');
  expect(offered[0]).toBe(1);
  expect(offered.slice(-280)).toEqual(Array.from({ length: 280 }, (_, i) => 421 + i));
});
