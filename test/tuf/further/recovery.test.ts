// Fast-forward recovery to the letter of 5.3.11: new keys for either role make what both have said void. (Other clients ask for new
// keys for both, see case 40.)
import { describe, expect } from 'vitest';
import { expectOk, expectRefused, furtherCase, versionsOf } from '../tuf-case.ts';

describe('a snapshot that a thief has raised to 100', () => {
  furtherCase('is forgotten with the key of the snapshot alone', async ({ repo, client, init }) => {
    await init();
    repo.snapshot.version = 99;
    repo.publish(['snapshot', 'timestamp']);
    expectOk(await client.refresh());
    repo.rotateKeys('snapshot');
    repo.rollBack('snapshot');
    repo.publish(['root', 'snapshot', 'timestamp']);
    expectOk(await client.refresh());
    expect(versionsOf(client)).toEqual({ root: 2, snapshot: 1, targets: 1, timestamp: 3 });
  });

  furtherCase('is forgotten with the key of the timestamp alone', async ({ repo, client, init }) => {
    await init();
    repo.snapshot.version = 99;
    repo.publish(['snapshot', 'timestamp']);
    expectOk(await client.refresh());
    repo.rotateKeys('timestamp');
    repo.rollBack('snapshot');
    repo.rollBack('timestamp');
    repo.publish(['root', 'snapshot', 'timestamp']);
    expectOk(await client.refresh());
    expect(versionsOf(client)).toEqual({ root: 2, snapshot: 1, targets: 1, timestamp: 1 });
  });

  furtherCase('is not forgotten without new keys', async ({ repo, client, init }) => {
    await init();
    repo.snapshot.version = 99;
    repo.publish(['snapshot', 'timestamp']);
    expectOk(await client.refresh());
    repo.rollBack('snapshot');
    repo.publish(['root', 'snapshot', 'timestamp']);
    expectRefused(await client.refresh(), 'metadata-rollback');
    expect(versionsOf(client)).toEqual({ root: 2, snapshot: 100, targets: 1, timestamp: 2 });
  });
});

describe('what the timestamp has said of a snapshot', () => {
  for (const [name, bytes] of [
    ['missing', undefined],
    ['torn', Buffer.from('{"signatures":[],"sig')],
  ] as const) {
    furtherCase(`counts where the stored snapshot is ${name}`, async ({ repo, client, init }) => {
      await init();
      repo.publish(['snapshot', 'timestamp']);
      expectOk(await client.refresh());
      client.plant('snapshot', bytes);
      repo.rollBack('snapshot');
      repo.publish(['snapshot', 'timestamp']);
      expectRefused(await client.refresh(), 'metadata-rollback');
      client.plant('snapshot', undefined);
      expect(versionsOf(client)).toMatchObject({ timestamp: 2 });
    });
  }
});
