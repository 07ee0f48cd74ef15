import { expect, test } from 'vitest';
import type { TrustInfo } from '../../commands/trust-info.ts';
import { trustLines } from './trust.ts';

const DAY = 86_400;
const NOW = Date.UTC(2027, 0, 15, 8) / 1000;
const ID = '1f0c2d9ab4e7'.padEnd(64, '0');
const INFO: TrustInfo = {
  product: 'phone',
  anchorVersion: 1,
  rootVersion: 3,
  roles: [
    { name: 'root', keys: [ID, ID], threshold: 2, version: 3, expires: NOW + 365 * DAY },
    { name: 'build', keys: [ID], threshold: 1, version: undefined, expires: undefined },
  ],
  channel: 'stable',
  offered: [20, 30],
  time: { now: NOW, clock: NOW, source: 'clock' },
  next: { role: 'timestamp', expires: NOW + 6 * DAY + 3600 },
};

test('whom the device trusts', () => {
  expect(trustLines(INFO)).toEqual([
    '  product  phone',
    '  root     version 3, by way of all roots since the trust anchor, version 1',
    '  channel  stable: 2 builds offered: 30, 20',
    '  time     2027-01-15 08:00 UTC, by the clock',
    '  next     timestamp expires first, in 6 days, on 2027-01-21 09:00 UTC',
    '',
    '  role   version  good until            keys',
    '  root   3        2028-01-15 08:00 UTC  2 of 2: 1f0c2d9ab4e7 1f0c2d9ab4e7',
    '  build  -        -                     1 of 1: 1f0c2d9ab4e7',
  ]);
});

test.each<[string, Partial<TrustInfo>, string]>([
  ['no update yet', { anchorVersion: 3 }, 'root     version 3, the trust anchor'],
  ['a damaged anchor', { anchorVersion: undefined }, 'root     version 3; the trust anchor is damaged'],
  ['no product', { product: undefined }, 'product  not named'],
  ['nothing offered', { offered: [] }, 'channel  stable: nothing known'],
  [
    'the repository knows better',
    { time: { now: NOW, clock: 0, source: 'timestamp' } },
    'time     2027-01-15 08:00 UTC: the repository has said so; the clock shows 1970-01-01 00:00 UTC, which is over',
  ],
  [
    'the build knows better',
    { time: { now: NOW, clock: 0, source: 'build' } },
    'time     2027-01-15 08:00 UTC: the installed build was made then; the clock shows 1970-01-01 00:00 UTC, which is over',
  ],
  [
    'hours left',
    { next: { role: 'stable', expires: NOW + 5 * 3600 } },
    'next     stable expires first, in 5 hours, on 2027-01-15 13:00 UTC',
  ],
  [
    'minutes left',
    { next: { role: 'stable', expires: NOW + 90 * 60 } },
    'next     stable expires first, in 90 minutes, on 2027-01-15 09:30 UTC',
  ],
  [
    'expired',
    { next: { role: 'root', expires: NOW } },
    'next     root has expired on 2027-01-15 08:00 UTC: no update before the repository has been signed anew',
  ],
])('%s', (_, some, line) => {
  expect(trustLines({ ...INFO, ...some }).map((one) => one.trim())).toContain(line);
});
