// 2 cases: one version with two contents. What a device has accepted it keeps; it takes the other only where what is signed
// above names the other's hash.
import { describe, expect } from 'vitest';
import { expectOk, expectRefused, furtherCase } from '../tuf-case.ts';

describe.each([false, true])('hashes in metadata: %s', (hashes) => {
  for (const role of ['snapshot', 'targets'] as const) {
    furtherCase(`${role} 2 with two contents`, async ({ repo, client, init }) => {
      await init();
      repo.hashesInMeta = hashes;
      repo.metadataOf(role).extra = 'the one';
      repo.publish(['targets', 'snapshot', 'timestamp']);
      expectOk(await client.refresh());
      const first = client.trusted().get(role);
      repo.metadataOf(role).extra = 'another';
      const second = repo.sign(role);
      repo.published.get(role)?.set(2, second);
      repo.publish(['timestamp']);
      repo.metadataRequests.length = 0;
      expectOk(await client.refresh());
      expect(client.trusted().get(role)).toEqual(first);
      expect(repo.metadataRequests.filter(([name]) => name === role)).toEqual([]);
      // A device that has neither gets the second without hashes, and nothing at all with them.
      client.plant(role, undefined);
      const outcome = await client.refresh();
      if (hashes) expectRefused(outcome, 'metadata-mismatch');
      else expectOk(outcome);
      expect(client.trusted().get(role)).toEqual(hashes ? undefined : second);
      // Announced with its hash, it is taken.
      repo.publishBytes(role, second);
      repo.publish(role === 'targets' ? ['snapshot', 'timestamp'] : ['timestamp']);
      expectOk(await client.refresh());
      expect(client.trusted().get(role)).toEqual(second);
    });
  }
});
