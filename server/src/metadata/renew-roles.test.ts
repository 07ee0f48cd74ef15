import { describe, expect, test } from 'vitest';
import { addChannel } from './change-channels.ts';
import { offerBuild } from './offer-build.ts';
import { channelsOf, signersOf } from './policy.ts';
import { renewRoles } from './renew-roles.ts';
import { found, group, publish, TIME, testOffer } from './test-metadata.ts';
import { publishedPolicy, rolesOf } from './working-policy.ts';

const DAY = 86_400;

function offered() {
  const state = found();
  return publish(state, offerBuild({ state, time: TIME }, 'stable', testOffer(10)));
}

describe('renewRoles', () => {
  test.each([
    [0, []],
    [89, []],
    [91, ['stable']],
    [183, ['root', 'targets', 'stable']],
  ])('%i days later renews %j', (days, expected) => {
    expect(rolesOf(renewRoles({ state: offered(), time: TIME + days * DAY }, []))).toEqual(expected);
  });

  test('gives a named role its full life again, and changes nothing else in it', () => {
    const state = offered();
    const time = TIME + 5 * DAY;
    const change = renewRoles({ state, time }, ['root', 'stable']);
    expect(rolesOf(change)).toEqual(['root', 'stable']);
    const after = publish(state, change);
    expect(publishedPolicy(after)).toEqual(publishedPolicy(state));
    expect(after.set.root).toMatchObject({ version: 2, expires: time + 365 * DAY });
    expect(after.roles.get('stable')).toMatchObject({ version: 2, expires: time + 180 * DAY });
  });

  test.each([
    ['nothing-to-renew', 'beta'],
    ['nothing-to-renew', 'timestamp'],
    ['unknown-channel', 'nightly'],
  ])('%s: %s', (code, role) => {
    expect(() => renewRoles({ state: offered(), time: TIME }, [role])).toThrow(
      expect.objectContaining({ code }),
    );
  });
});

describe('addChannel', () => {
  test('changes targets only; the release keys sign it', () => {
    const state = offered();
    const change = addChannel({ state, time: TIME }, 'nightly');
    expect(rolesOf(change)).toEqual(['targets']);
    const after = publishedPolicy(publish(state, change));
    expect(channelsOf(after).map(({ name }) => name)).toEqual(['stable', 'beta', 'nightly']);
    expect(signersOf(after, 'nightly')).toMatchObject({
      ...group(2, 11, 12, 13),
      paths: ['nightly/*/mom'],
      terminating: true,
    });
  });

  test.each([
    ['channel-exists', 'stable'],
    ['bad-channel-name', 'root'],
    ['bad-channel-name', 'release'],
    ['bad-channel-name', '../x'],
    ['bad-channel-name', 'stable.1'],
    ['bad-channel-name', ''],
    ['bad-channel-name', 'x'.repeat(33)],
  ])('%s: %s', (code, name) => {
    expect(() => addChannel({ state: found(), time: TIME }, name)).toThrow(expect.objectContaining({ code }));
  });
});
