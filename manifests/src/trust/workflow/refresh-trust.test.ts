import { expect, test } from 'vitest';
import { refreshTrust } from './refresh-trust.ts';
import { EXPIRES, TestChain, TIME } from './test-chain.ts';
import { driveTrust } from './trust-run.ts';

function refresh(chain: TestChain, clock = TIME) {
  chain.fetched.length = 0;
  return driveTrust(refreshTrust({ root: chain.root, clock }), chain.answer);
}

test('asks for the next root, the timestamp, and what that names, in this order', () => {
  const chain = new TestChain();
  chain.publish();
  const set = refresh(chain);
  expect(chain.fetched).toEqual(['2.root.json', 'timestamp.json', '1.snapshot.json', '1.targets.json']);
  expect([...chain.store.keys()]).toEqual(['timestamp', 'snapshot', 'targets']);
  expect(set.targets?.version).toBe(1);
});

test('asks for two files where nothing has changed', () => {
  const chain = new TestChain();
  chain.publish();
  refresh(chain);
  expect(refresh(chain).targets?.version).toBe(1);
  expect(chain.fetched).toEqual(['2.root.json', 'timestamp.json']);
});

test('takes what is newer, and refuses what is older', () => {
  const chain = new TestChain();
  chain.publish();
  refresh(chain);
  const old = new Map(chain.files);
  chain.publish();
  expect(refresh(chain).targets?.version).toBe(2);
  for (const [name, bytes] of old) chain.files.set(name, bytes);
  expect(() => refresh(chain)).toThrow(expect.objectContaining({ code: 'metadata-rollback' }));
});

test('refuses what has expired, by the larger of clock and signed time', () => {
  const chain = new TestChain();
  chain.publish();
  expect(() => refresh(chain, EXPIRES)).toThrow(expect.objectContaining({ code: 'metadata-expired' }));
  expect(refresh(chain, 0).now).toBe(0);
  expect(refresh(chain, 0).now).toBe(TIME);
});

test('a root that has expired ends it, after the newest is kept', () => {
  const chain = new TestChain();
  chain.publish();
  chain.addRoot(2);
  expect(() => refresh(chain, EXPIRES)).toThrow(
    expect.objectContaining({ code: 'metadata-expired', details: expect.objectContaining({ role: 'root' }) }),
  );
  expect([...chain.store.keys()]).toEqual(['root']);
  expect(chain.fetched).toEqual(['2.root.json', '3.root.json']);
});
