import { expect, test } from 'vitest';
import { refreshTrust } from './refresh-trust.ts';
import { rememberTrust } from './remember-trust.ts';
import { EXPIRES, TestChain, TIME } from './test-chain.ts';
import { driveTrust, type TrustRequest } from './trust-run.ts';

/** A store as a refresh has left it. */
function refreshed(): TestChain {
  const chain = new TestChain();
  chain.publish();
  driveTrust(refreshTrust({ root: chain.root, clock: TIME }), chain.answer);
  return chain;
}

function remember(chain: TestChain, clock = TIME) {
  const asked: string[] = [];
  const answer = (request: TrustRequest): Uint8Array | undefined => {
    asked.push(`${request.kind} ${request.role}`);
    return chain.answer(request);
  };
  return { set: driveTrust(rememberTrust({ root: chain.root, clock }), answer), asked };
}

test('everything that is kept, and nothing is fetched', () => {
  const { set, asked } = remember(refreshed());
  expect(asked).toEqual(['load timestamp', 'load snapshot', 'load targets']);
  expect([set.timestamp?.version, set.snapshot?.version, set.targets?.version]).toEqual([1, 1, 1]);
});

test('long after it has expired, with the time that an update would be judged by', () => {
  const { set } = remember(refreshed(), EXPIRES + 1_000_000);
  expect([set.timestamp?.version, set.snapshot?.version, set.targets?.version]).toEqual([1, 1, 1]);
  expect(set).toMatchObject({ now: EXPIRES + 1_000_000, clock: EXPIRES + 1_000_000 });
  expect(remember(refreshed(), 0).set).toMatchObject({ now: TIME, clock: 0 });
});

test.each([
  ['timestamp', [undefined, undefined, undefined], ['load timestamp']],
  ['snapshot', [1, undefined, undefined], ['load timestamp', 'load snapshot']],
  ['targets', [1, 1, undefined], ['load timestamp', 'load snapshot', 'load targets']],
])('as far as it goes: without %s', (role, versions, requests) => {
  for (const content of [undefined, Buffer.from('torn')]) {
    const chain = refreshed();
    if (content === undefined) chain.store.delete(role);
    else chain.store.set(role, content);
    const { set, asked } = remember(chain);
    expect([set.timestamp?.version, set.snapshot?.version, set.targets?.version]).toEqual(versions);
    expect(asked).toEqual(requests);
    expect(set.now).toBe(TIME);
  }
});

test('no root, no trust', () => {
  const run = rememberTrust({ root: Buffer.from('torn'), clock: TIME });
  expect(() => driveTrust(run, () => undefined)).toThrow(expect.objectContaining({ code: 'bad-root' }));
});
