// Cases C, 26 to 31: thresholds, duplicates, kinds of keys.
import { describe, expect } from 'vitest';
import { newSigner, type SimScheme } from '../simulator/sim-signer.ts';
import { conformanceCase, expectOk, expectRefused, tufCase, versionsOf } from '../tuf-case.ts';

tufCase('26 snapshot_does_not_meet_threshold', async ({ repo, client, init }) => {
  await init();
  repo.rotateKeys('snapshot', 3);
  repo.publish(['root', 'snapshot', 'timestamp']);
  expectOk(await client.refresh());
  const [first = ''] = repo.signersOf('snapshot').keys();
  repo.signersOf('snapshot').delete(first);
  repo.publish(['snapshot', 'timestamp']);
  expectRefused(await client.refresh(), 'unsigned-metadata');
  expect(versionsOf(client)).toMatchObject({ snapshot: 2, timestamp: 3 });
});

tufCase('27 snapshot_has_too_few_keys', async ({ repo, client, init }) => {
  await init();
  repo.rotateKeys('snapshot', 5);
  repo.root.roles.snapshot.threshold = 6;
  repo.publish(['root', 'snapshot', 'timestamp']);
  expectRefused(await client.refresh(), 'unsigned-metadata');
  expect(versionsOf(client)).toEqual({ root: 2, timestamp: 2 });
});

tufCase('28 duplicate_keys', async ({ repo, client, init }) => {
  await init();
  const signer = repo.newSigner();
  repo.dropKeys('snapshot');
  for (let index = 0; index < 9; index++) repo.addKey('snapshot', signer);
  repo.root.roles.snapshot.threshold = 6;
  repo.snapshot.version++;
  const bytes = repo.signWith('snapshot', ([signature]) =>
    Array.from({ length: 9 }, () => signature ?? never()),
  );
  repo.publishBytes('snapshot', bytes);
  repo.publish(['root', 'timestamp']);
  expectRefused(await client.refresh(), 'bad-metadata', 'unsigned-metadata');
  expect(versionsOf(client).snapshot).toBeUndefined();
});

tufCase('29 duplicate_sig_keyids', async ({ repo, client, init }) => {
  await init();
  repo.snapshot.version++;
  repo.publishBytes(
    'snapshot',
    repo.signWith('snapshot', (signatures) => [...signatures, ...signatures]),
  );
  repo.publish(['timestamp']);
  expectRefused(await client.refresh(), 'bad-metadata', 'unsigned-metadata');
  expect(versionsOf(client)).toEqual({ root: 1, timestamp: 2 });
});

describe('30 keytype_and_scheme', () => {
  const schemes: readonly SimScheme[] = ['rsassa-pss-sha256', 'ecdsa-sha2-nistp256', 'ed25519'];
  for (const scheme of schemes) {
    const register = scheme === 'ed25519' ? tufCase : conformanceCase;
    register(scheme, async ({ repo, client, init }) => {
      await init();
      const signer = repo.addKey('root', newSigner(scheme));
      repo.root.roles.root.threshold = 2;
      repo.publish(['root']);
      expectOk(await client.refresh());
      expect(versionsOf(client)).toMatchObject({ root: 2 });
      repo.root.version++;
      const wrong = { keyid: signer.keyid, sig: signer.sign(Buffer.from('something else')) };
      const bytes = repo.signWith('root', (signatures) => [
        ...signatures.filter(({ keyid }) => keyid !== signer.keyid),
        wrong,
      ]);
      repo.publishBytes('root', bytes);
      expectRefused(await client.refresh(), 'unsigned-metadata');
      expect(versionsOf(client)).toMatchObject({ root: 2 });
    });
  }
});

tufCase('31 invalid_sig_in_valid_metadata', async ({ repo, client, init }) => {
  await init();
  const other = repo.addKey('root', repo.newSigner(), { keep: false });
  repo.publish(['root']);
  expectOk(await client.refresh());
  const wrong = { keyid: other.keyid, sig: other.sign(Buffer.from('something else')) };
  repo.root.version++;
  repo.publishBytes(
    'root',
    repo.signWith('root', (signatures) => [wrong, ...signatures]),
  );
  expectOk(await client.refresh());
  repo.root.version++;
  repo.publishBytes(
    'root',
    repo.signWith('root', (signatures) => [{ ...wrong, sig: '' }, ...signatures]),
  );
  expectOk(await client.refresh());
  expect(versionsOf(client)).toMatchObject({ root: 4 });
});

function never(): never {
  throw new Error('there is a signature');
}
