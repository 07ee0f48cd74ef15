// 17 cases: whatever a power cut, a bad disk or a thoughtless hand leaves of the store, the next run gets on.
import type { TrustRequest } from '@swupd/manifests/trust';
import { describe, expect } from 'vitest';
import { expectOk, expectRefused, furtherCase, versionsOf } from '../tuf-case.ts';

const DAMAGES: Readonly<Record<string, (bytes: Uint8Array) => Uint8Array | undefined>> = {
  torn: (bytes) => bytes.subarray(0, bytes.length / 2),
  empty: () => new Uint8Array(),
  missing: () => undefined,
};

for (const role of ['root', 'timestamp', 'snapshot', 'targets']) {
  describe(`the stored ${role}`, () => {
    for (const [name, damage] of Object.entries(DAMAGES)) {
      furtherCase(name, async ({ repo, client, init }) => {
        await init();
        repo.publishAll();
        expectOk(await client.refresh());
        const before = new Map(client.trusted());
        client.plant(role, damage(before.get(role) ?? new Uint8Array()));
        expectOk(await client.refresh());
        expect(client.trusted()).toEqual(before);
      });
    }
  });
}

describe('a cut before the save number', () => {
  for (const cut of [1, 2, 3, 4, 5]) {
    furtherCase(`${cut} of five`, async ({ repo, client, init }) => {
      await init();
      expectOk(await client.refresh());
      repo.addDelegation('targets', { name: 'role' });
      repo.addArtifact('file', 'content', 'role');
      repo.publishAll();
      const before = versionsOf(client);
      const saved: string[] = [];
      client.onRequest = (request: TrustRequest) => {
        if (request.kind !== 'save') return;
        if (saved.length === cut - 1) throw new Cut();
        saved.push(request.role);
      };
      await expect(client.download('file')).rejects.toBeInstanceOf(Cut);
      expect(saved).toEqual(['root', 'timestamp', 'snapshot', 'targets'].slice(0, cut - 1));
      expect(versionsOf(client)).toEqual({
        ...before,
        ...Object.fromEntries(saved.map((role) => [role, 2])),
      });
      client.onRequest = () => undefined;
      expectOk(await client.download('file'));
      expect(versionsOf(client)).toEqual({ role: 1, root: 2, snapshot: 2, targets: 2, timestamp: 2 });
    });
  }
});

furtherCase('what was kept before a cut still forbids to go back', async ({ repo, client, init }) => {
  await init();
  repo.publishAll();
  client.onRequest = (request) => {
    if (request.kind === 'save' && request.role === 'snapshot') throw new Cut();
  };
  await expect(client.refresh()).rejects.toBeInstanceOf(Cut);
  client.onRequest = () => undefined;
  repo.rollBack('timestamp');
  repo.publish(['timestamp']);
  expectRefused(await client.refresh(), 'metadata-rollback');
});

class Cut extends Error {}
