// 2 cases: a clock that is wrong.
import { formatTime } from '@swupd/manifests/trust';
import { expect } from 'vitest';
import { DAY } from '../simulator/editable-repository.ts';
import { expectOk, expectRefused, furtherCase, START } from '../tuf-case.ts';

furtherCase('a clock before the floor is taken for the floor', async ({ repo, client, init }) => {
  await init();
  client.now = 0;
  client.floor = START + 31 * DAY;
  expectRefused(await client.refresh(), 'metadata-expired');
  client.floor = START;
  expectOk(await client.refresh());
  expect(client.refreshSet()).toMatchObject({ clock: 0, now: START });
  repo.timestamp.time = formatTime(START + 2 * DAY);
  repo.publish(['timestamp']);
  expectOk(await client.refresh());
  expect(client.refreshSet().now).toBe(START + 2 * DAY);
  // The clock of 2100 leaves no trace: nothing of it is kept.
  client.now = START + 30_000 * DAY;
  expectRefused(await client.refresh(), 'metadata-expired');
  client.now = START + 3 * DAY;
  expectOk(await client.refresh());
  expect(client.refreshSet().now).toBe(START + 3 * DAY);
});

furtherCase('a clock that jumps during the run is not asked again', async ({ repo, client, init }) => {
  await init();
  repo.snapshot.expires = repo.day(7);
  repo.publish(['snapshot', 'timestamp']);
  client.now = START + 8 * DAY;
  client.onRequest = () => {
    client.now = START;
  };
  expectRefused(await client.refresh(), 'metadata-expired');
  client.now = START;
  client.onRequest = () => {
    client.now = START + 8 * DAY;
  };
  expectOk(await client.refresh());
});
