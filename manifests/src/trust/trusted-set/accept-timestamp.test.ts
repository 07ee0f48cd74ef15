import { LIMITS } from '@swupd/shared';
import { expect, test } from 'vitest';
import { type TimestampInput, timestampFields } from '../metadata/timestamp.ts';
import { acceptTimestamp, raiseClock, rememberTimestamp } from './accept-timestamp.ts';
import { EXPIRES, openSet, signed, TIME } from './test-set.ts';
import { checkExpiry } from './trusted-set.ts';

const NOTHING = { timestamp: undefined, isSnapshotVoid: false };

function timestamp(fields: Partial<TimestampInput> = {}, version = 5): Buffer {
  const snapshot = { version, bytes: Buffer.from('snapshot') };
  return signed(timestampFields({ version: 2, expires: EXPIRES, snapshot, ...fields }), 't');
}

const refused = (code: string, role = 'timestamp'): unknown =>
  expect.objectContaining({ code, details: expect.objectContaining({ role }) });

test('what is signed, current and new is taken', () => {
  const bytes = timestamp();
  expect(acceptTimestamp(openSet(), bytes, NOTHING).timestamp).toMatchObject({ version: 2, bytes });
});

test.each([
  [
    'signed by another role',
    signed(
      timestampFields({ version: 2, expires: EXPIRES, snapshot: { version: 1, bytes: Buffer.alloc(1) } }),
      's',
    ),
    'unsigned-metadata',
  ],
  ['no metadata', Buffer.from('[]'), 'bad-metadata'],
  ['of another product', timestamp({ product: 'p' }), 'wrong-product'],
  ['expired this second', timestamp({ expires: TIME }), 'metadata-expired'],
  ['endless', Buffer.alloc(LIMITS.timestampFile + 1, ' '), 'metadata-mismatch'],
])('%s', (_, bytes, code) => {
  expect(() => acceptTimestamp(openSet(), bytes, NOTHING)).toThrow(refused(code));
});

test('as long as can be, and good for one more second', () => {
  const bytes = timestamp({ expires: TIME + 1 });
  const long = Buffer.concat([bytes, Buffer.alloc(LIMITS.timestampFile - bytes.length, ' ')]);
  expect(acceptTimestamp(openSet(), long, NOTHING).timestamp?.version).toBe(2);
});

test('a product is the one of the root', () => {
  const set = openSet({ product: 'p' });
  expect(acceptTimestamp(set, timestamp({ product: 'p' }), NOTHING).timestamp?.product).toBe('p');
  expect(() => acceptTimestamp(set, timestamp(), NOTHING)).toThrow(
    expect.objectContaining({ details: { role: 'timestamp', offered: 'none', wanted: 'p' } }),
  );
});

test('what was seen before counts: versions only grow, the same version keeps its bytes', () => {
  const set = openSet();
  const seen = rememberTimestamp(set, timestamp({ version: 3 }, 5));
  const remembered = { timestamp: seen, isSnapshotVoid: false };
  expect(acceptTimestamp(set, timestamp({ version: 4 }, 5), remembered).timestamp?.version).toBe(4);
  expect(acceptTimestamp(set, timestamp({ version: 3 }, 9), remembered).timestamp).toBe(seen);
  expect(() => acceptTimestamp(set, timestamp({ version: 2 }), remembered)).toThrow(
    expect.objectContaining({
      code: 'metadata-rollback',
      details: { role: 'timestamp', offered: 2, seen: 3 },
    }),
  );
  expect(() => acceptTimestamp(set, timestamp({ version: 4 }, 4), remembered)).toThrow(
    expect.objectContaining({
      code: 'metadata-rollback',
      details: { role: 'snapshot', offered: 4, seen: 5 },
    }),
  );
  // The snapshot's keys have been rotated: what a thief had raised is void.
  const forgotten = { timestamp: seen, isSnapshotVoid: true };
  expect(acceptTimestamp(set, timestamp({ version: 4 }, 4), forgotten).timestamp?.version).toBe(4);
});

test('only what the keys of today have signed is remembered, expired or not', () => {
  const set = openSet();
  expect(rememberTimestamp(set, undefined)).toBeUndefined();
  expect(rememberTimestamp(set, Buffer.from('torn'))).toBeUndefined();
  expect(rememberTimestamp(set, timestamp({ product: 'p' }))).toBeUndefined();
  expect(rememberTimestamp(set, timestamp({ expires: 1 }))?.version).toBe(2);
});

test('the time of a remembered timestamp raises the clock, and never lowers it', () => {
  const set = openSet();
  const at = (time?: number) => rememberTimestamp(set, timestamp(time === undefined ? {} : { time }));
  expect(raiseClock(set, at(TIME + 7)).now).toBe(TIME + 7);
  expect(raiseClock(set, at(7)).now).toBe(TIME);
  expect(raiseClock(set, at()).now).toBe(TIME);
  expect(raiseClock(openSet({}, 0), undefined).now).toBe(0);
});

test('what has expired says by which time, and what the clock showed', () => {
  const set = { ...openSet(), now: TIME + 60 };
  expect(() => checkExpiry('stable', TIME + 60, set)).toThrow(
    expect.objectContaining({
      code: 'metadata-expired',
      details: {
        role: 'stable',
        expires: '2027-01-15T08:01:00Z',
        now: '2027-01-15T08:01:00Z',
        clock: '2027-01-15T08:00:00Z',
      },
    }),
  );
  expect(() => checkExpiry('stable', TIME + 61, set)).not.toThrow();
});
