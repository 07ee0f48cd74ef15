// 6 cases: keys and signatures that only look like some, and roles that are no roles.
import { describe, expect } from 'vitest';
import type { RepositorySimulator } from '../simulator/repository-simulator.ts';
import { newSigner, respell } from '../simulator/sim-signer.ts';
import { expectOk, expectRefused, furtherCase, versionsOf } from '../tuf-case.ts';

describe('an Ed25519 signature', () => {
  furtherCase('with S + L in place of S is none', async ({ repo, client, init }) => {
    await init();
    repo.timestamp.version++;
    publishSignature(repo, ({ sig }) => sig.slice(0, 64) + addOrder(sig.slice(64)));
    expectRefused(await client.refresh(), 'unsigned-metadata');
  });

  furtherCase('in upper-case digits is none', async ({ repo, client, init }) => {
    await init();
    repo.timestamp.version++;
    publishSignature(repo, ({ sig }) => sig.toUpperCase());
    expectRefused(await client.refresh(), 'unsigned-metadata');
  });
});

describe('an Ed25519 key', () => {
  /** Points of small order: with them, signatures exist that are valid for every message. RFC 8032, section 8.9 on cofactors. */
  const SMALL = ['00'.repeat(32), `01${'00'.repeat(31)}`, `ec${'ff'.repeat(30)}7f`];
  /** p + 1 and p + 3: second spellings of 1 and 3. */
  const NON_CANONICAL = [`ee${'ff'.repeat(30)}7f`, `f0${'ff'.repeat(30)}7f`];

  for (const [name, keys] of [
    ['of small order', SMALL],
    ['that is no canonical point', NON_CANONICAL],
  ] as const) {
    furtherCase(`${name} signs nothing`, async ({ repo, client, init }) => {
      await init();
      for (const point of keys) {
        const signer = repo.newSigner({ keyval: { public: point } });
        repo.dropKeys('timestamp');
        repo.addKey('timestamp', signer, { keep: false });
        repo.publish(['root']);
        // R the neutral point, S zero: what such a key lets pass for any message under lenient rules.
        for (const r of SMALL) {
          repo.timestamp.version++;
          const forged = { keyid: signer.keyid, sig: r + '00'.repeat(32) };
          repo.publishBytes(
            'timestamp',
            repo.signWith('timestamp', () => [forged]),
          );
          expectRefused(await client.refresh(), 'unsigned-metadata');
        }
      }
      expect(versionsOf(client).timestamp).toBeUndefined();
    });
  }
});

furtherCase('a key that two roles share counts for each of them', async ({ repo, client, init }) => {
  await init();
  const signer = repo.newSigner();
  for (const role of ['timestamp', 'snapshot', 'targets']) {
    repo.dropKeys(role);
    repo.addKey(role, signer);
  }
  repo.publishAll();
  expectOk(await client.refresh());
  // Still no role's metadata passes for another's.
  repo.publish(['snapshot']);
  repo.publishBytes('timestamp', repo.bytesOf('snapshot') ?? Buffer.alloc(0), 3);
  expectRefused(await client.refresh(), 'bad-metadata');
});

furtherCase('one key under nine ids is one key', async ({ repo, client, init }) => {
  await init();
  const signer = repo.newSigner();
  repo.dropKeys('snapshot');
  for (let index = 0; index < 9; index++) repo.addKey('snapshot', respell(signer, { number: index }));
  repo.root.roles.snapshot.threshold = 6;
  repo.publish(['root', 'snapshot', 'timestamp']);
  expectRefused(await client.refresh(), 'unsigned-metadata');
  expect(versionsOf(client).snapshot).toBeUndefined();
});

furtherCase('a threshold of 0 is no threshold', async ({ repo, client, init }) => {
  await init();
  repo.root.roles.timestamp.threshold = 0;
  repo.signersOf('timestamp').clear();
  repo.publishAll();
  expectRefused(await client.refresh(), 'bad-metadata');
  expect(versionsOf(client)).toEqual({ root: 1 });
});

describe('on a device', () => {
  for (const scheme of ['ecdsa-sha2-nistp256', 'rsassa-pss-sha256'] as const) {
    furtherCase(`${scheme} counts for nothing`, async ({ repo, client, init }) => {
      await init();
      repo.dropKeys('timestamp');
      repo.addKey('timestamp', newSigner(scheme));
      repo.publishAll();
      expectRefused(await client.refresh(), 'unsigned-metadata');
      expect(versionsOf(client)).toEqual({ root: 2 });
    });
  }

  furtherCase('a key counts under no other id than its own', async ({ repo, client, init }) => {
    await init();
    const signer = { ...repo.newSigner(), keyid: 'ab'.repeat(32) };
    repo.dropKeys('timestamp');
    repo.addKey('timestamp', signer);
    repo.publishAll();
    expectRefused(await client.refresh(), 'unsigned-metadata');
  });
});

function publishSignature(
  repo: RepositorySimulator,
  change: (signature: { readonly sig: string }) => string,
): void {
  const bytes = repo.signWith('timestamp', (signatures) =>
    signatures.map((signature) => ({ ...signature, sig: change(signature) })),
  );
  repo.publishBytes('timestamp', bytes);
}

/** Order of the group of Ed25519's base point. RFC 8032, section 5.1. */
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** S + L, little endian: 32 bytes in hexadecimal digits. */
function addOrder(digits: string): string {
  const reversed = Buffer.from(digits, 'hex').reverse().toString('hex');
  const sum = (BigInt(`0x${reversed}`) + ORDER).toString(16).padStart(64, '0');
  return Buffer.from(sum, 'hex').reverse().toString('hex');
}
