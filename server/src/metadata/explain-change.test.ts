import { expect, test } from 'vitest';
import { withdrawBuild } from './change-channels.ts';
import { rotateKeys } from './change-keys.ts';
import { explainChange } from './explain-change.ts';
import type { MetadataChange } from './metadata-change.ts';
import { offerBuild } from './offer-build.ts';
import { renewRoles } from './renew-roles.ts';
import {
  found,
  group,
  publish,
  type TestState,
  TIME,
  testKey,
  testKeyId,
  testOffer,
} from './test-metadata.ts';
import { publishedPolicy, workingPolicy } from './working-policy.ts';

function explain(state: TestState, prepared: MetadataChange, role: string): string[] {
  return explainChange(role, publishedPolicy(state), workingPolicy({ state, prepared, time: TIME }));
}

function offered(count: number): TestState {
  return Array.from({ length: count }, (_, i) => (i + 1) * 10).reduce(
    (state, version) => publish(state, offerBuild({ state, time: TIME }, 'stable', testOffer(version))),
    found(),
  );
}

test('an offer, with all that a device will act on', () => {
  const state = offered(1);
  const offer = testOffer(20, { minFrom: 10, barrier: true, reason: 'new boot loader' });
  expect(explain(state, offerBuild({ state, time: TIME }, 'stable', offer), 'stable')).toEqual([
    `+ offers build 20 (MoM of 4,020 bytes, SHA-256 ${offer.digest}; only from build 10 on, barrier, reason: new boot loader)`,
  ]);
});

test('a build that is withdrawn', () => {
  const state = offered(2);
  expect(explain(state, withdrawBuild({ state, time: TIME }, 'stable', 10), 'stable')).toEqual([
    '- offers build 10 no more',
  ]);
});

test('another MoM for a build that is offered stands out', () => {
  const state = offered(2);
  const base = { state, time: TIME };
  const prepared = withdrawBuild(base, 'stable', 10);
  const change = offerBuild({ ...base, prepared }, 'stable', testOffer(10, { size: 1 }));
  expect(explain(state, change, 'stable')).toEqual([
    `! offers ANOTHER build 10 (MoM of 1 bytes, SHA-256 ${testOffer(10).digest}) THAN BEFORE`,
  ]);
});

test('builds that move to the page of older ones are no new offers', () => {
  const state = offered(12);
  const change = offerBuild({ state, time: TIME }, 'stable', testOffer(130));
  const first = explain(state, change, 'stable');
  expect(first.filter((line) => line.startsWith('+'))).toHaveLength(1);
  expect(first).toContain('  gives the offer of build 10 to the page stable.1');
  expect(first.filter((line) => line.startsWith('!'))).toEqual([]);
  const second = explain(state, change, 'stable.1');
  expect(second).toContain('  takes over the offer of build 10 from another page');
  expect(second.filter((line) => /^[+!-] offers/.test(line))).toEqual([]);
});

test('keys that come and go, in what names them and in what they sign', () => {
  const state = offered(1);
  const rotation = { role: 'release', replace: [testKeyId(12)], add: [testKey(99)] } as const;
  const change = rotateKeys({ state, time: TIME }, rotation);
  expect(explain(state, change, 'targets')).toEqual([
    `+ key ${testKeyId(99)} signs the channel stable, the channel beta`,
    `- key ${testKeyId(12)} no more signs the channel stable, the channel beta`,
    '  2 of 3 keys have to sign the channel stable, the channel beta',
  ]);
  expect(explain(state, change, 'stable')).toEqual(['= says the same as before, signed by other keys']);
  const root = rotateKeys(
    { state, time: TIME },
    { role: 'timestamp', replace: [testKeyId(41)], add: [testKey(98)] },
  );
  expect(explain(state, root, 'root')).toEqual([
    `+ key ${testKeyId(98)} signs timestamp`,
    `- key ${testKeyId(41)} no more signs timestamp`,
    '  1 of 1 keys have to sign timestamp',
  ]);
});

test.each([
  ['a page of older builds that other keys sign', { ...group(1, 66) }, '! 1 of OTHER KEYS sign stable.1'],
  ['a page that speaks for other paths', { paths: ['*/*/mom'] }, '! stable.1 speaks for */*/mom'],
  ['a page that fewer keys sign', { threshold: 1 }, '! 1 of OTHER KEYS sign stable.1'],
])('%s is told', (_what, more, expected) => {
  const state = offered(13);
  const before = publishedPolicy(state);
  const page = before.pages.get('stable');
  if (page === undefined) throw new TypeError('nothing is offered');
  const delegations = page.delegations.map((delegation) => ({ ...delegation, ...more }));
  const after = { ...before, pages: new Map(before.pages).set('stable', { ...page, delegations }) };
  expect(explainChange('stable', before, after).join('\n')).toContain(expected);
});

test('a threshold that falls is told', () => {
  const state = offered(1);
  const before = publishedPolicy(state);
  const after = { ...before, roles: { ...before.roles, root: group(1, 1, 2, 3) } };
  expect(explainChange('root', before, after)).toEqual(['  1 of 3 keys have to sign root']);
});

test('the founding tells of every key', () => {
  const after = publishedPolicy(found());
  const keys = (...bytes: number[]) => bytes.map(testKeyId);
  expect(explainChange('root', undefined, after)).toEqual([
    '+ product: test',
    ...keys(1, 2, 3)
      .sort()
      .map((id) => `+ key ${id} signs root, targets`),
    ...keys(31).map((id) => `+ key ${id} signs snapshot`),
    ...keys(41).map((id) => `+ key ${id} signs timestamp`),
    '  2 of 3 keys have to sign root, targets',
    '  1 of 1 keys have to sign snapshot, timestamp',
  ]);
  expect(explainChange('targets', undefined, after)).toEqual([
    '+ channel stable',
    '+ channel beta',
    ...keys(21).map((id) => `+ key ${id} signs builds`),
    ...keys(11, 12, 13)
      .sort()
      .map((id) => `+ key ${id} signs the channel stable, the channel beta`),
    '  1 of 1 keys have to sign builds',
    '  2 of 3 keys have to sign the channel stable, the channel beta',
  ]);
});

test.each([
  ['beta', { paths: [] }, '! beta speaks for nothing'],
  ['beta', { paths: ['stable/*/mom'] }, '! beta speaks for stable/*/mom'],
  ['build', { paths: ['*', '*/*'] }, '! build speaks for *, */*'],
  ['beta', { name: 'gamma', paths: ['gamma/*/mom'] }, '+ channel gamma'],
  ['beta', { name: 'gamma', paths: ['gamma/*/mom'] }, '- channel beta'],
])('targets where %s is %j', (name, more, expected) => {
  const before = publishedPolicy(found());
  const delegations = before.delegations.map((item) => (item.name === name ? { ...item, ...more } : item));
  expect(explainChange('targets', before, { ...before, delegations })).toContain(expected);
});

test('what an offer says beside what is known is told as it is', () => {
  const before = publishedPolicy(offered(1));
  const target = { length: 5, hashes: { sha256: 'x' }, custom: { barrier: false, odd: [1] } };
  const pages = new Map(before.pages).set('stable', {
    targets: { 'stable/9/mom': target, stray: target },
    delegations: [],
  });
  expect(explainChange('stable', before, { ...before, pages })).toEqual([
    '+ offers build 9 (MoM of 5 bytes, SHA-256 x; barrier: false, odd: [1])',
    '+ offers stray (MoM of 5 bytes, SHA-256 x; barrier: false, odd: [1])',
    '- offers build 10 no more',
  ]);
});

test('a renewal changes nothing', () => {
  const state = offered(1);
  const change = renewRoles({ state, time: TIME }, ['stable']);
  expect(explain(state, change, 'stable')).toEqual(['= says the same as before, for longer']);
});

test('older builds that a channel forgets are told', () => {
  const before = publishedPolicy(offered(13));
  const page = before.pages.get('stable');
  if (page === undefined) throw new TypeError('nothing is offered');
  const pages = new Map(before.pages).set('stable', { ...page, delegations: [] });
  pages.delete('stable.1');
  expect(explainChange('stable', before, { ...before, pages })).toEqual([
    '- offers the builds of the page stable.1 no more',
  ]);
});
