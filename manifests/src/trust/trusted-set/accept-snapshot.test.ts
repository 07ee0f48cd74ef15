import { LIMITS, sha256, sha512, toHex } from '@swupd/shared';
import { expect, test } from 'vitest';
import { type SnapshotInput, snapshotFields } from '../metadata/snapshot.ts';
import { timestampFields } from '../metadata/timestamp.ts';
import {
  acceptSnapshot,
  isAsAnnounced,
  isSnapshotVoid,
  keepSnapshot,
  rememberSnapshot,
} from './accept-snapshot.ts';
import { acceptTimestamp } from './accept-timestamp.ts';
import { EXPIRES, openSet, signed, TIME } from './test-set.ts';
import type { TrustedSet } from './trusted-set.ts';

const TARGETS = { version: 4, bytes: Buffer.from('targets') };

function snapshot(fields: Partial<SnapshotInput> = {}, signers = 's'): Buffer {
  return signed(
    snapshotFields({ version: 5, expires: EXPIRES, meta: { targets: TARGETS }, ...fields }),
    signers,
  );
}

/** A set whose timestamp names `bytes`, as `entry` says it. */
function announcing(bytes: Uint8Array, entry: object = {}): TrustedSet {
  const fields = timestampFields({ version: 1, expires: EXPIRES, snapshot: { version: 5, bytes } });
  const meta = {
    'snapshot.json': { ...(fields.meta as { 'snapshot.json': object })['snapshot.json'], ...entry },
  };
  const nothing = { timestamp: undefined, isSnapshotVoid: false };
  return acceptTimestamp(
    openSet(),
    signed({ ...fields, meta: JSON.parse(JSON.stringify(meta)) }, 't'),
    nothing,
  );
}

const PLAIN = { length: undefined, hashes: undefined };
const refused = (code: string, role = 'snapshot'): unknown =>
  expect.objectContaining({ code, details: expect.objectContaining({ role }) });

test.each([
  ['by length and digest', {}],
  ['by its version only', PLAIN],
  ['by length', { hashes: undefined }],
  ['by digest', { length: undefined }],
])('what is announced %s is taken', (_, entry) => {
  const bytes = snapshot();
  expect(acceptSnapshot(announcing(bytes, entry), bytes, undefined).snapshot).toMatchObject({
    version: 5,
    bytes,
  });
});

test.each([
  ['another length', snapshot(), { length: 1 }, 'metadata-mismatch'],
  ['a longer length', snapshot(), { length: 100_000 }, 'metadata-mismatch'],
  ['another digest', snapshot(), { hashes: { sha256: '00' } }, 'metadata-mismatch'],
  ['another version', snapshot(), { version: 6 }, 'metadata-mismatch'],
  ['the keys of another role', snapshot({}, 't'), {}, 'unsigned-metadata'],
  ['no metadata in it', Buffer.from('{}'), {}, 'bad-metadata'],
  ['expired this second', snapshot({ expires: TIME }), {}, 'metadata-expired'],
  ['no end', Buffer.alloc(LIMITS.metadataFile + 1, ' '), PLAIN, 'metadata-mismatch'],
])('%s', (_, bytes, entry, code) => {
  expect(() => acceptSnapshot(announcing(bytes, entry), bytes, undefined)).toThrow(refused(code));
});

test('what was listed is still listed, with no lower version', () => {
  const set = (meta: SnapshotInput['meta']) => {
    const bytes = snapshot({ meta });
    return { set: announcing(bytes), bytes };
  };
  const seen = rememberSnapshot(
    openSet(),
    snapshot({ version: 4, meta: { targets: TARGETS, stable: TARGETS } }),
  );
  const accept = (meta: SnapshotInput['meta']) => {
    const { set: trusted, bytes } = set(meta);
    return acceptSnapshot(trusted, bytes, seen).snapshot;
  };
  expect(accept({ targets: TARGETS, stable: { ...TARGETS, version: 5 } })?.version).toBe(5);
  expect(accept({ targets: TARGETS, stable: TARGETS, beta: TARGETS })?.version).toBe(5);
  expect(() => accept({ targets: TARGETS, stable: { ...TARGETS, version: 3 } })).toThrow(
    expect.objectContaining({ code: 'metadata-rollback', details: { role: 'stable', offered: 3, seen: 4 } }),
  );
  expect(() => accept({ targets: TARGETS })).toThrow(
    expect.objectContaining({ code: 'metadata-rollback', details: { role: 'stable', offered: 0, seen: 4 } }),
  );
});

test('only what the keys of today have signed is remembered, expired or not', () => {
  expect(rememberSnapshot(openSet(), undefined)).toBeUndefined();
  expect(rememberSnapshot(openSet(), Buffer.from('torn'))).toBeUndefined();
  expect(rememberSnapshot(openSet(), snapshot({}, 't'))).toBeUndefined();
  expect(rememberSnapshot(openSet(), snapshot({ expires: 1 }))?.version).toBe(5);
});

test('what is remembered is kept where it is just what is announced, and current', () => {
  const bytes = snapshot();
  const remembered = rememberSnapshot(openSet(), bytes);
  expect(keepSnapshot(announcing(bytes), remembered)?.snapshot).toBe(remembered);
  expect(keepSnapshot(announcing(bytes), undefined)).toBeUndefined();
  expect(keepSnapshot(openSet(), remembered)).toBeUndefined();
  expect(keepSnapshot(announcing(bytes, { hashes: { sha256: '00' } }), remembered)).toBeUndefined();
  for (const expires of [TIME, TIME + 1]) {
    const late = snapshot({ expires });
    const kept = keepSnapshot(announcing(late), rememberSnapshot(openSet(), late));
    expect(kept === undefined).toBe(expires === TIME);
  }
});

test.each([
  [{ version: 5 }, true],
  [{ version: 6 }, false],
  [{ version: 5, length: 5 }, true],
  [{ version: 5, length: 6 }, false],
  [{ version: 5, length: 5, hashes: { sha512: toHex(sha512(Buffer.from('bytes'))) } }, true],
  [{ version: 5, length: 5, hashes: { sha256: sha256(Buffer.from('other')) } }, false],
])('%j: %j', (entry, expected) => {
  const { version, length, hashes } = entry as { version: number; length?: number; hashes?: object };
  const meta = { version, length, hashes: hashes && new Map(Object.entries(hashes)) };
  expect(isAsAnnounced({ version: 5, bytes: Buffer.from('bytes') }, meta)).toBe(expected);
});

test('a stored snapshot is void where other keys have signed it, not where it is torn or missing', () => {
  const set = openSet();
  expect(isSnapshotVoid(set, snapshot())).toBe(false);
  expect(isSnapshotVoid(set, snapshot({ expires: 1 }))).toBe(false);
  expect(isSnapshotVoid(set, snapshot({}, 't'))).toBe(true);
  expect(isSnapshotVoid(set, undefined)).toBe(false);
  expect(isSnapshotVoid(set, snapshot({}, 't').subarray(1))).toBe(false);
  expect(isSnapshotVoid(set, signed({ _type: 'targets' }, 't'))).toBe(false);
});
