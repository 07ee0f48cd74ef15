import { LIMITS, publicKeyOf } from '@swupd/shared';
import { expect, test } from 'vitest';
import { ed25519Key } from '../keys/key.ts';
import { signEnvelope } from '../metadata/envelope.ts';
import { fileNameOf } from '../metadata/role-name.ts';
import { snapshotFields } from '../metadata/snapshot.ts';
import { targetsFields } from '../metadata/targets.ts';
import { timestampFields } from '../metadata/timestamp.ts';
import { findTarget } from './find-target.ts';
import { refreshTrust } from './refresh-trust.ts';
import { EXPIRES, SEEDS, TestChain, TIME } from './test-chain.ts';
import { driveTrust } from './trust-run.ts';

const KEY = ed25519Key(publicKeyOf(SEEDS.targets));
const FILE = { length: 1, hashes: { sha256: '00' } };

/** Roles with those that they delegate all paths to, in order; `!` in front of a terminating one. */
type Graph = Readonly<Record<string, readonly string[]>>;

/** Looks for `path` in a graph of roles, of which `holder` names it. Gives the delegated roles that were asked. */
function search(graph: Graph, { path = 'file', holder = '' } = {}) {
  const chain = new TestChain();
  const meta = Object.fromEntries(
    Object.entries(graph).map(([role, to]) => {
      const delegations = to.map((name) => ({
        name: name.replace('!', ''),
        keys: [KEY],
        threshold: 1,
        paths: ['*'],
        terminating: name.startsWith('!'),
      }));
      const targets = role === holder ? { [path]: FILE } : {};
      const fields = targetsFields({ version: 1, expires: EXPIRES, targets, delegations });
      const bytes = signEnvelope(fields, [SEEDS.targets]);
      chain.files.set(`1.${fileNameOf(role)}`, bytes);
      return [role, { version: 1, bytes }];
    }),
  );
  const snapshot = signEnvelope(snapshotFields({ version: 1, expires: EXPIRES, meta }), [SEEDS.snapshot]);
  chain.files.set('1.snapshot.json', snapshot);
  const named = { version: 1, expires: EXPIRES, snapshot: { version: 1, bytes: snapshot } };
  chain.files.set('timestamp.json', signEnvelope(timestampFields(named), [SEEDS.timestamp]));
  const set = driveTrust(refreshTrust({ root: chain.root, clock: TIME }), chain.answer);
  chain.fetched.length = 0;
  const { target } = driveTrust(findTarget(set, path), chain.answer);
  return { target, asked: chain.fetched.map((name) => name.slice(2, -5)) };
}

test.each<[string, Graph, string, readonly string[]]>([
  ['its own file', { targets: ['a'], a: [] }, 'targets', []],
  ['the first that has it', { targets: ['a', 'b'], a: [], b: [] }, 'a', ['a']],
  [
    'before its siblings those below it',
    { targets: ['a', 'b'], a: ['c'], b: [], c: [] },
    'b',
    ['a', 'c', 'b'],
  ],
  ['none twice', { targets: ['a', 'b'], a: ['c'], b: ['c'], c: [] }, '', ['a', 'c', 'b']],
  ['not round in a circle', { targets: ['a'], a: ['b'], b: ['a'] }, '', ['a', 'b']],
  ['nobody behind one that ends it', { targets: ['a', '!b', 'c'], a: [], b: [], c: [] }, 'c', ['a', 'b']],
  [
    'nobody behind one that ends it, further up either',
    { targets: ['a', 'd'], a: ['b', '!c'], b: [], c: [], d: [] },
    'd',
    ['a', 'b', 'c'],
  ],
])('%s', (_, graph, holder, asked) => {
  const found = search(graph, { holder });
  expect(found.asked).toEqual(asked);
  const isReached = holder === 'targets' || asked.includes(holder);
  expect(found.target?.path).toBe(isReached ? 'file' : undefined);
});

function line(length: number): Graph {
  const names = ['targets', ...Array.from({ length }, (_, i) => `r${i}`)];
  return Object.fromEntries(names.map((name, i) => [name, names.slice(i + 1, i + 2)]));
}

test('so many roles and no more', () => {
  expect(search(line(LIMITS.delegatedRoles)).asked).toHaveLength(LIMITS.delegatedRoles);
  expect(() => search(line(LIMITS.delegatedRoles + 1))).toThrow(
    expect.objectContaining({
      code: 'metadata-limit',
      details: { path: 'file', limit: LIMITS.delegatedRoles },
    }),
  );
});
