// What a device has stored may be torn, and counts as absent then. A defect of the program must not pass for that.
import { expect, test } from 'vitest';
import type { RoleKeys } from '../keys/role-keys.ts';
import { snapshotFields } from '../metadata/snapshot.ts';
import { targetsFields } from '../metadata/targets.ts';
import { timestampFields } from '../metadata/timestamp.ts';
import { acceptSnapshot, rememberSnapshot } from './accept-snapshot.ts';
import { acceptTargets, keepTargets } from './accept-targets.ts';
import { rememberTimestamp } from './accept-timestamp.ts';
import { parseRoot } from './parse-root.ts';
import { EXPIRES, openSet, rootOf, signed } from './test-set.ts';
import type { TrustedSet } from './trusted-set.ts';

const BYTES = Buffer.from('bytes');
const COMMON = { version: 1, expires: EXPIRES };

/** The same keys, which break when they are asked. */
function broken({ keys, threshold }: RoleKeys): RoleKeys {
  const verify = (): never => {
    throw new RangeError('a defect');
  };
  return { threshold, keys: new Map([...keys].map(([id, { identity }]) => [id, { identity, verify }])) };
}

function brokenSet(): TrustedSet {
  const set = openSet();
  const { root, timestamp, snapshot, targets } = set.root.roles;
  const roles = { root, timestamp: broken(timestamp), snapshot: broken(snapshot), targets: broken(targets) };
  return { ...set, root: { ...set.root, roles } };
}

test('a defect is thrown, whatever it broke', () => {
  const set = brokenSet();
  const timestamp = signed(timestampFields({ ...COMMON, snapshot: { version: 1, bytes: BYTES } }), 't');
  const snapshot = signed(
    snapshotFields({ ...COMMON, meta: { targets: { version: 1, bytes: BYTES } } }),
    's',
  );
  const role = { name: 'targets', delegator: 'root', keys: set.root.roles.targets };
  expect(() => rememberTimestamp(set, timestamp)).toThrow(RangeError);
  expect(() => rememberSnapshot(set, snapshot)).toThrow(RangeError);
  expect(() => keepTargets(set, role, signed(targetsFields(COMMON), 'g'))).toThrow(RangeError);
  const policy = (): never => {
    throw new RangeError('a defect');
  };
  expect(() => parseRoot(signed(rootOf(), 'r'), policy)).toThrow(RangeError);
});

test('steps out of order are defects', () => {
  const set = openSet();
  const role = { name: 'targets', delegator: 'root', keys: set.root.roles.targets };
  expect(() => acceptSnapshot(set, BYTES, undefined)).toThrow('a snapshot comes after a timestamp');
  expect(() => acceptTargets(set, role, BYTES)).toThrow('targets come after a snapshot');
});
