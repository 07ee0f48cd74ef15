// Cases B, 20 to 25: what expires, and what is kept although it has.
import { expect } from 'vitest';
import { DAY } from '../simulator/editable-repository.ts';
import { expectOk, expectRefused, START, tufCase, versionsOf } from '../tuf-case.ts';

tufCase('20 root_expired', async ({ repo, client, init }) => {
  await init();
  expectOk(await client.refresh());
  repo.publish(['root']);
  repo.root.expires = repo.day(-1);
  repo.publish(['root', 'timestamp']);
  expectRefused(await client.refresh(), 'metadata-expired');
  expect(versionsOf(client)).toEqual({ root: 3, snapshot: 1, targets: 1, timestamp: 1 });
});

tufCase('21 timestamp_expired', async ({ repo, client, init }) => {
  await init();
  expectOk(await client.refresh());
  repo.timestamp.expires = repo.day(-1);
  repo.publish(['timestamp']);
  expectRefused(await client.refresh(), 'metadata-expired');
  expect(versionsOf(client)).toEqual({ root: 1, snapshot: 1, targets: 1, timestamp: 1 });
});

tufCase('22 snapshot_expired', async ({ repo, client, init }) => {
  await init();
  expectOk(await client.refresh());
  repo.snapshot.expires = repo.day(-1);
  repo.publish(['snapshot', 'timestamp']);
  expectRefused(await client.refresh(), 'metadata-expired');
  expect(versionsOf(client)).toEqual({ root: 1, snapshot: 1, targets: 1, timestamp: 2 });
});

tufCase('23 targets_expired', async ({ repo, client, init }) => {
  await init();
  expectOk(await client.refresh());
  repo.targets.expires = repo.day(-1);
  repo.publish(['targets', 'snapshot', 'timestamp']);
  expectRefused(await client.refresh(), 'metadata-expired');
  expect(versionsOf(client)).toEqual({ root: 1, snapshot: 2, targets: 1, timestamp: 2 });
});

tufCase('24 expired_local_root', async ({ repo, client, init }) => {
  await init();
  repo.root.expires = repo.day(7);
  repo.publish(['root']);
  expectOk(await client.refresh());
  repo.root.expires = repo.day(21);
  repo.publish(['root']);
  client.now = START + 18 * DAY;
  expectOk(await client.refresh());
  expect(versionsOf(client)).toMatchObject({ root: 3 });
});

tufCase('25 expired_local_timestamp', async ({ repo, client, init }) => {
  await init();
  repo.timestamp.expires = repo.day(7);
  repo.publish(['timestamp']);
  expectOk(await client.refresh());
  repo.timestamp.expires = repo.day(21);
  repo.publish(['targets', 'snapshot', 'timestamp']);
  client.now = START + 18 * DAY;
  expectOk(await client.refresh());
  expect(versionsOf(client)).toEqual({ root: 1, snapshot: 2, targets: 2, timestamp: 3 });
});
