// What the workflow asks for, to the letter: whoever drives it does nothing but this.
import { LIMITS } from '@swupd/shared';
import { expect, test } from 'vitest';
import { topLevelTargets } from '../trusted-set/accept-targets.ts';
import { loadTargets } from './load-targets.ts';
import { refreshTrust } from './refresh-trust.ts';
import { TestChain, TIME } from './test-chain.ts';
import { driveTrust, type TrustRequest } from './trust-run.ts';

function requestsOf(chain: TestChain): TrustRequest[] {
  const requests: TrustRequest[] = [];
  driveTrust(refreshTrust({ root: chain.root, clock: TIME }), (request) => {
    requests.push(request);
    return chain.answer(request);
  });
  return requests;
}

function sizeOf(chain: TestChain, name: string): number {
  return chain.files.get(name)?.length ?? 0;
}

test('a first refresh', () => {
  const chain = new TestChain();
  chain.publish();
  const bytes = (name: string) => chain.files.get(name);
  const [snapshot, targets] = ['1.snapshot.json', '1.targets.json'];
  expect(requestsOf(chain)).toEqual([
    { kind: 'fetch', name: '2.root.json', limit: LIMITS.rootFile, role: 'root', version: 2 },
    { kind: 'load', role: 'timestamp' },
    { kind: 'load', role: 'snapshot' },
    {
      kind: 'fetch',
      name: 'timestamp.json',
      limit: LIMITS.timestampFile,
      role: 'timestamp',
      version: undefined,
    },
    { kind: 'save', role: 'timestamp', bytes: bytes('timestamp.json') },
    { kind: 'fetch', name: snapshot, limit: sizeOf(chain, snapshot), role: 'snapshot', version: 1 },
    { kind: 'save', role: 'snapshot', bytes: bytes(snapshot) },
    { kind: 'load', role: 'targets' },
    { kind: 'fetch', name: targets, limit: sizeOf(chain, targets), role: 'targets', version: 1 },
    { kind: 'save', role: 'targets', bytes: bytes(targets) },
  ]);
});

test('a thief of a key can not announce more than the limit', () => {
  const chain = new TestChain();
  chain.publish((role, fields) => {
    if (role !== 'timestamp') return fields;
    const meta = { 'snapshot.json': { version: 1, length: LIMITS.metadataFile + 1 } };
    return { ...fields, meta };
  });
  const fetched: TrustRequest[] = [];
  const run = refreshTrust({ root: chain.root, clock: TIME });
  const answer = (request: TrustRequest): Uint8Array | undefined => {
    fetched.push(request);
    return chain.answer(request);
  };
  expect(() => driveTrust(run, answer)).toThrow(expect.objectContaining({ code: 'metadata-mismatch' }));
  expect(fetched.at(-1)).toMatchObject({ role: 'snapshot', limit: LIMITS.metadataFile });
});

test('lengths that are not announced have limits', () => {
  const chain = new TestChain();
  chain.publish((role, fields) => {
    if (role === 'timestamp') return { ...fields, meta: { 'snapshot.json': { version: 1 } } };
    return role === 'snapshot' ? { ...fields, meta: { 'targets.json': { version: 1 } } } : fields;
  });
  const limits = requestsOf(chain).map((request) => (request.kind === 'fetch' ? request.limit : 0));
  expect(limits.filter((limit) => limit === LIMITS.metadataFile)).toHaveLength(2);
});

test('what is trusted already is not even loaded', () => {
  const chain = new TestChain();
  chain.publish();
  const set = driveTrust(refreshTrust({ root: chain.root, clock: TIME }), chain.answer);
  const run = loadTargets(set, topLevelTargets(set));
  expect(run.next()).toEqual({ done: true, value: set });
});

test.each([
  ['timestamp.json', 'timestamp'],
  ['1.snapshot.json', 'snapshot'],
  ['1.targets.json', 'targets'],
])('%s is not there', (name, role) => {
  const chain = new TestChain();
  chain.publish();
  chain.files.delete(name);
  expect(() => requestsOf(chain)).toThrow(
    expect.objectContaining({ code: 'metadata-missing', details: { role, name } }),
  );
});

test('a chain of roots is followed so far and no further, and goes on from there the next time', () => {
  const chain = new TestChain();
  chain.publish();
  for (let version = 2; version <= LIMITS.rootSteps + 2; version++) chain.addRoot(version);
  expect(() => requestsOf(chain)).toThrow(
    expect.objectContaining({
      code: 'metadata-limit',
      details: { role: 'root', version: LIMITS.rootSteps + 1, limit: LIMITS.rootSteps },
    }),
  );
  const root = chain.store.get('root') ?? Buffer.alloc(0);
  expect(driveTrust(refreshTrust({ root, clock: TIME }), chain.answer).root.version).toBe(
    LIMITS.rootSteps + 2,
  );
});

test('just as many roots as the limit are walked at once', () => {
  const chain = new TestChain();
  chain.publish();
  for (let version = 2; version <= LIMITS.rootSteps + 1; version++) chain.addRoot(version);
  const saved = requestsOf(chain).filter(({ kind, role }) => kind === 'save' && role === 'root');
  expect(saved).toHaveLength(LIMITS.rootSteps);
});
