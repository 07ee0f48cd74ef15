// Cases A, 1 to 19: what a refresh asks for, keeps and refuses.
import { canonicalJson } from '@swupd/manifests/trust';
import { describe, expect } from 'vitest';
import { DAY } from '../simulator/editable-repository.ts';
import { newSigner } from '../simulator/sim-signer.ts';
import { expectOk, expectRefused, START, tufCase, versionsOf } from '../tuf-case.ts';

tufCase('1 basic_refresh_requests', async ({ repo, client, init }) => {
  await init();
  expect(repo.metadataRequests).toEqual([]);
  expectOk(await client.refresh());
  expect(repo.metadataRequests).toEqual([
    ['root', 2],
    ['timestamp', null],
    ['snapshot', 1],
    ['targets', 1],
  ]);
});

tufCase('2 basic_refresh_trusted_data', async ({ repo, client, init }) => {
  await init();
  expectOk(await client.refresh());
  for (const role of ['root', 'timestamp', 'snapshot', 'targets'])
    expect(client.trusted().get(role)).toEqual(repo.bytesOf(role));
});

tufCase('3 implicit_refresh', async ({ repo, client, init }) => {
  await init();
  expectRefused(await client.download('no such file'), 'unknown-target');
  expect(repo.metadataRequests).toEqual([
    ['root', 2],
    ['timestamp', null],
    ['snapshot', 1],
    ['targets', 1],
  ]);
  expect(versionsOf(client)).toEqual({ root: 1, snapshot: 1, targets: 1, timestamp: 1 });
});

tufCase('4 invalid_initial_root', async ({ repo, client }) => {
  const { version: _, ...rest } = repo.root;
  await client.init(canonicalJson({ signatures: [], signed: rest as never }));
  expectRefused(await client.refresh(), 'bad-root');
  expect(repo.metadataRequests).toEqual([]);
});

tufCase('5 unsigned_initial_root', async ({ repo, client }) => {
  repo.signersOf('root').clear();
  repo.keepSigner('root', repo.newSigner());
  await client.init(repo.sign('root'));
  expectRefused(await client.refresh(), 'bad-root');
  expect(repo.metadataRequests).toEqual([]);
});

describe('6 unsigned_metadata', () => {
  const kept = {
    root: { root: 1 },
    timestamp: { root: 2 },
    snapshot: { root: 2, timestamp: 2 },
    targets: { root: 2, snapshot: 2, timestamp: 2 },
  };
  for (const [role, versions] of Object.entries(kept)) {
    tufCase(role, async ({ repo, client, init }) => {
      await init();
      repo.signersOf(role).clear();
      repo.publishAll();
      expectRefused(await client.refresh(), 'unsigned-metadata');
      expect(versionsOf(client)).toEqual(versions);
    });
  }
});

describe('7 url_and_metadata_version_mismatch', () => {
  const kept = {
    root: { root: 1 },
    snapshot: { root: 2, timestamp: 2 },
    targets: { root: 2, snapshot: 2, timestamp: 2 },
  };
  for (const [role, versions] of Object.entries(kept)) {
    tufCase(role, async ({ repo, client, init }) => {
      await init();
      repo.publishAll();
      repo.metadataOf(role).version = 3;
      repo.publishBytes(role, repo.sign(role), 2);
      repo.metadataOf(role).version = 2;
      expectRefused(await client.refresh(), 'metadata-mismatch');
      expect(versionsOf(client)).toEqual(versions);
    });
  }
});

tufCase('8 timestamp_content_changes', async ({ repo, client, init }) => {
  await init();
  expectOk(await client.refresh());
  const first = repo.bytesOf('timestamp');
  repo.timestamp.meta['snapshot.json'] = { version: 100 };
  repo.publish(['timestamp'], { raise: false });
  repo.metadataRequests.length = 0;
  expectOk(await client.refresh());
  expect(client.trusted().get('timestamp')).toEqual(first);
  expect(repo.metadataRequests.at(-1)).toEqual(['timestamp', null]);
});

tufCase('9 basic_metadata_hash_support', async ({ repo, client, init }) => {
  await init();
  repo.hashesInMeta = true;
  repo.publish(['targets', 'snapshot', 'timestamp']);
  expectOk(await client.refresh());
  expect(versionsOf(client)).toEqual({ root: 1, snapshot: 2, targets: 2, timestamp: 2 });
});

tufCase('10 targets_hash_mismatch', async ({ repo, client, init }) => {
  await init();
  repo.hashesInMeta = true;
  repo.publish(['targets', 'snapshot', 'timestamp']);
  expectOk(await client.refresh());
  repo.publish(['targets']);
  repo.snapshot.meta['targets.json'] = { version: 3, hashes: { sha256: '0'.repeat(64) } };
  repo.publish(['snapshot', 'timestamp']);
  expectRefused(await client.refresh(), 'metadata-mismatch');
  expect(versionsOf(client)).toMatchObject({ snapshot: 3, targets: 2 });
});

tufCase('11 snapshot_hash_mismatch', async ({ repo, client, init }) => {
  await init();
  repo.hashesInMeta = true;
  repo.publish(['targets', 'snapshot', 'timestamp']);
  expectOk(await client.refresh());
  repo.publish(['snapshot']);
  repo.timestamp.meta['snapshot.json'] = { version: 3, hashes: { sha256: '0'.repeat(64) } };
  repo.publish(['timestamp']);
  expectRefused(await client.refresh(), 'metadata-mismatch');
  expect(versionsOf(client)).toMatchObject({ timestamp: 3, snapshot: 2 });
});

tufCase('12 metadata_bytes_match', async ({ repo, client, init }) => {
  await init();
  repo.publish(['timestamp']);
  const blank = Buffer.concat([repo.sign('timestamp'), Buffer.from(' ')]);
  repo.publishBytes('timestamp', blank);
  expectOk(await client.refresh());
  expect(client.trusted().get('timestamp')).toEqual(blank);
});

tufCase('13 custom_fields', async ({ repo, client, init }) => {
  await init();
  const signer = repo.addKey('root', newSigner('ed25519', { 'custom-field': 'of a key' }));
  repo.root['custom-field'] = { any: ['thing', 1, null, true] };
  repo.root.roles.timestamp['custom-field'] = 'of a role';
  repo.publish(['root']);
  expectOk(await client.refresh());
  expect(versionsOf(client)).toMatchObject({ root: 2 });
  expect(client.trusted().get('root')?.toString()).toContain(signer.keyid);
});

tufCase('14 deprecated_keyid_hash_algorithms', async ({ repo, client, init }) => {
  await init();
  repo.rotateKeys('timestamp');
  repo.dropKeys('timestamp');
  repo.addKey('timestamp', repo.newSigner({ keyid_hash_algorithms: 'md5' }));
  repo.publish(['root', 'timestamp']);
  expectOk(await client.refresh());
  expect(versionsOf(client)).toMatchObject({ root: 2, timestamp: 2 });
});

tufCase('15 snapshot_404', async ({ repo, client, init }) => {
  await init();
  expectOk(await client.refresh());
  repo.timestamp.meta['snapshot.json'] = { version: 2 };
  repo.publish(['timestamp']);
  expectRefused(await client.refresh(), 'metadata-missing');
  expect(repo.metadataRequests.at(-1)).toEqual(['snapshot', 2]);
  expect(versionsOf(client)).toEqual({ root: 1, snapshot: 1, targets: 1, timestamp: 2 });
});

tufCase('16 targets_404', async ({ repo, client, init }) => {
  await init();
  expectOk(await client.refresh());
  repo.snapshot.meta['targets.json'] = { version: 2 };
  repo.publish(['snapshot', 'timestamp']);
  expectRefused(await client.refresh(), 'metadata-missing');
  expect(repo.metadataRequests.at(-1)).toEqual(['targets', 2]);
  expect(versionsOf(client)).toEqual({ root: 1, snapshot: 2, targets: 1, timestamp: 2 });
});

tufCase('17 timestamp_404', async ({ repo, client, init }) => {
  await init();
  repo.rollBack('timestamp');
  expectRefused(await client.refresh(), 'metadata-missing');
  expect(repo.metadataRequests.at(-1)).toEqual(['timestamp', null]);
});

tufCase('18 incorrect_metadata_type', async ({ repo, client, init }) => {
  await init();
  // A snapshot that would do as a timestamp: its only entry is called as there, and the timestamp's key has signed it.
  repo.root.roles.snapshot = { ...repo.root.roles.timestamp };
  repo.signers.set('snapshot', repo.signersOf('timestamp'));
  repo.snapshot.meta = { 'snapshot.json': { version: 1 } };
  repo.publish(['root', 'snapshot']);
  repo.publishBytes('timestamp', repo.bytesOf('snapshot') ?? Buffer.alloc(0), 2);
  expectRefused(await client.refresh(), 'bad-metadata');
  expect(versionsOf(client)).toEqual({ root: 2 });
});

tufCase('19 faketime', async ({ repo, client, init }) => {
  await init();
  repo.root.expires = repo.day(7);
  repo.publish(['root']);
  expectOk(await client.refresh());
  client.now = START + 8 * DAY;
  expectRefused(await client.refresh(), 'metadata-expired');
});
