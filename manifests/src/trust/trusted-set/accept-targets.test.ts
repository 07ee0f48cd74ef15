import { LIMITS } from '@swupd/shared';
import { expect, test } from 'vitest';
import { snapshotFields } from '../metadata/snapshot.ts';
import { type TargetsInput, targetsFields } from '../metadata/targets.ts';
import { timestampFields } from '../metadata/timestamp.ts';
import { acceptSnapshot } from './accept-snapshot.ts';
import {
  acceptTargets,
  announcedTargets,
  keepTargets,
  type TargetsRole,
  topLevelTargets,
  trustedTargets,
} from './accept-targets.ts';
import { acceptTimestamp } from './accept-timestamp.ts';
import { EXPIRES, openSet, signed, TIME } from './test-set.ts';
import type { TrustedSet } from './trusted-set.ts';

const NOTHING = { timestamp: undefined, isSnapshotVoid: false };

function targets(fields: Partial<TargetsInput> = {}, signers = 'g'): Buffer {
  return signed(targetsFields({ version: 3, expires: EXPIRES, ...fields }), signers);
}

/** A set whose snapshot names `bytes` as the roles `targets` and `stable`. */
function announcing(bytes: Uint8Array, version = 3): TrustedSet {
  const file = { version, bytes };
  const meta = { targets: file, stable: file };
  const snapshot = signed(snapshotFields({ version: 1, expires: EXPIRES, meta }), 's');
  const named = { version: 1, expires: EXPIRES, snapshot: { version: 1, bytes: snapshot } };
  const set = acceptTimestamp(openSet(), signed(timestampFields(named), 't'), NOTHING);
  return acceptSnapshot(set, snapshot, undefined);
}

function stable(set: TrustedSet, delegator = 'targets'): TargetsRole {
  return { name: 'stable', delegator, keys: set.root.roles.targets };
}

test('the role targets has the keys that the root names', () => {
  const set = openSet();
  expect(topLevelTargets(set)).toEqual({ name: 'targets', delegator: 'root', keys: set.root.roles.targets });
});

test('what is announced and signed is taken, for the one who delegates to it only', () => {
  const bytes = targets();
  const set = announcing(bytes);
  const top = acceptTargets(set, topLevelTargets(set), bytes);
  expect(top.targets).toMatchObject({ version: 3, bytes });
  expect(trustedTargets(top, topLevelTargets(set))).toBe(top.targets);
  const delegated = acceptTargets(top, stable(set), bytes);
  expect(trustedTargets(delegated, stable(set))).toMatchObject({ version: 3 });
  expect(trustedTargets(delegated, stable(set, 'other'))).toBeUndefined();
  expect(trustedTargets(delegated, { ...stable(set), name: 'beta' })).toBeUndefined();
  // As two names, not as one that could be taken apart in another way.
  const odd = acceptTargets(delegated, stable(set, 'other'), bytes);
  expect(odd.delegated.size).toBe(2);
  expect(delegated.targets).toBe(top.targets);
});

test.each([
  ['the keys of another role', targets({}, 's'), 3, 'unsigned-metadata'],
  ['another version', targets({ version: 4 }), 3, 'metadata-mismatch'],
  ['expired this second', targets({ expires: TIME }), 3, 'metadata-expired'],
  ['no metadata', Buffer.from('[]'), 3, 'bad-metadata'],
])('%s', (_, bytes, version, code) => {
  for (const name of ['targets', 'stable'])
    expect(() => {
      const set = announcing(bytes, version);
      acceptTargets(set, name === 'targets' ? topLevelTargets(set) : stable(set), bytes);
    }).toThrow(expect.objectContaining({ code, details: expect.objectContaining({ role: name }) }));
});

test('other bytes than announced are not even parsed', () => {
  const set = announcing(targets());
  for (const bytes of [targets({ version: 4 }), Buffer.from('{}'), Buffer.alloc(LIMITS.metadataFile + 1)])
    expect(() => acceptTargets(set, stable(set), bytes)).toThrow(
      expect.objectContaining({ code: 'metadata-mismatch', details: { role: 'stable' } }),
    );
});

test('a role that the snapshot does not list', () => {
  const set = announcing(targets());
  expect(() => announcedTargets(set, { ...stable(set), name: 'beta' })).toThrow(
    expect.objectContaining({ code: 'metadata-missing', details: { role: 'beta' } }),
  );
  expect(announcedTargets(set, stable(set)).version).toBe(3);
});

test('what is stored is kept where it is just what is announced, current, and signed for this delegator', () => {
  const bytes = targets();
  const set = announcing(bytes);
  expect(keepTargets(set, stable(set), bytes)?.delegated.size).toBe(1);
  expect(keepTargets(set, stable(set), undefined)).toBeUndefined();
  expect(keepTargets(set, stable(set), Buffer.from('torn'))).toBeUndefined();
  expect(keepTargets(set, stable(set), targets({ version: 2 }))).toBeUndefined();
  expect(keepTargets(set, { ...stable(set), keys: set.root.roles.snapshot }, bytes)).toBeUndefined();
  expect(keepTargets(set, { ...stable(set), name: 'beta' }, bytes)).toBeUndefined();
  for (const expires of [TIME, TIME + 1]) {
    const late = targets({ expires });
    const trusted = announcing(late);
    expect(keepTargets(trusted, stable(trusted), late) === undefined).toBe(expires === TIME);
  }
});
