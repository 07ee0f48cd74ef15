// Cases F, 35 to 41: versions never go back, unless the keys that raised them were exchanged.
import { describe, expect } from 'vitest';
import { expectOk, expectRefused, tufCase, versionsOf } from '../tuf-case.ts';

tufCase('35 new_timestamp_version_rollback', async ({ repo, client, init }) => {
  await init();
  repo.publish(['timestamp']);
  expectOk(await client.refresh());
  repo.rollBack('timestamp');
  repo.publish(['timestamp']);
  expectRefused(await client.refresh(), 'metadata-rollback');
  expect(versionsOf(client)).toMatchObject({ timestamp: 2 });
  expect(repo.metadataRequests.at(-1)).toEqual(['timestamp', null]);
});

for (const hashes of [false, true]) {
  describe(hashes ? 'with hashes' : 'without hashes', () => {
    tufCase('36 snapshot_rollback', async ({ repo, client, init }) => {
      await init();
      repo.hashesInMeta = hashes;
      repo.publish(['snapshot', 'timestamp']);
      expectOk(await client.refresh());
      repo.rollBack('snapshot');
      repo.publish(['snapshot', 'timestamp']);
      expectRefused(await client.refresh(), 'metadata-rollback');
      expect(versionsOf(client)).toMatchObject({ timestamp: 2, snapshot: 2 });
    });

    tufCase('37 targets_rollback', async ({ repo, client, init }) => {
      await init();
      repo.hashesInMeta = hashes;
      repo.publish(['targets', 'snapshot', 'timestamp']);
      expectOk(await client.refresh());
      repo.rollBack('targets');
      repo.publish(['targets', 'snapshot', 'timestamp']);
      expectRefused(await client.refresh(), 'metadata-rollback');
      expect(versionsOf(client)).toMatchObject({ snapshot: 2, targets: 2, timestamp: 3 });
    });
  });
}

tufCase('38 targets_role_removal', async ({ repo, client, init }) => {
  await init();
  repo.addDelegation('targets', { name: 'role' });
  repo.publishAll();
  expectOk(await client.refresh());
  delete repo.snapshot.meta['role.json'];
  repo.publish(['snapshot', 'timestamp']);
  expectRefused(await client.refresh(), 'metadata-rollback');
  expect(versionsOf(client)).toMatchObject({ snapshot: 2, timestamp: 3 });
});

tufCase('39 targets_fast_forward_recovery', async ({ repo, client, init }) => {
  await init();
  repo.addDelegation('targets', { name: 'role' });
  repo.targets.version = 99;
  repo.publish(['role', 'targets', 'snapshot', 'timestamp']);
  expectOk(await client.refresh());
  expect(versionsOf(client)).toMatchObject({ targets: 100 });
  repo.rotateKeys('snapshot');
  repo.rollBack('targets');
  delete repo.targets.delegations;
  delete repo.snapshot.meta['role.json'];
  repo.publish(['root', 'targets', 'snapshot', 'timestamp']);
  expectOk(await client.refresh());
  expect(versionsOf(client)).toEqual({ root: 2, snapshot: 3, targets: 1, timestamp: 3 });
});

tufCase('40 new_snapshot_fast_forward_recovery', async ({ repo, client, init }) => {
  await init();
  repo.snapshot.version = 99;
  repo.publish(['snapshot', 'timestamp']);
  expectOk(await client.refresh());
  expect(versionsOf(client)).toMatchObject({ snapshot: 100 });
  repo.rotateKeys('snapshot');
  repo.rotateKeys('timestamp');
  repo.rollBack('snapshot');
  repo.publish(['root', 'snapshot', 'timestamp']);
  expectOk(await client.refresh());
  expect(versionsOf(client)).toMatchObject({ root: 2, snapshot: 1 });
});

tufCase('41 new_timestamp_fast_forward_recovery', async ({ repo, client, init }) => {
  await init();
  repo.timestamp.version = 99;
  repo.publish(['timestamp']);
  expectOk(await client.refresh());
  expect(versionsOf(client)).toMatchObject({ timestamp: 100 });
  repo.rotateKeys('timestamp');
  repo.rollBack('timestamp');
  repo.publish(['root', 'timestamp']);
  expectOk(await client.refresh());
  expect(versionsOf(client)).toMatchObject({ root: 2, timestamp: 1 });
});
