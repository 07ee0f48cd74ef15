// Case I: names of roles that are no plain file names.
import { describe, expect } from 'vitest';
import { expectRefused, tufCase, versionsOf } from '../tuf-case.ts';

describe('unusual_role_name', () => {
  for (const name of ['?', '#', '/delegatedrole', '../delegatedrole']) {
    tufCase(name, async ({ repo, client, init }) => {
      await init();
      repo.addDelegation('targets', { name });
      repo.publishAll();
      expectRefused(await client.download('no such file'), 'unknown-target');
      expect(versionsOf(client)).toEqual({ root: 2, [name]: 1, snapshot: 2, targets: 2, timestamp: 2 });
      expect(repo.metadataRequests.at(-1)).toEqual([name, 1]);
      const asked = repo.metadataNames;
      expect(asked.at(-1)).toMatch(/^1\.[\w.%-]+\.json$/);
      expect(decodeURIComponent(asked.at(-1) ?? '')).toBe(`1.${name}.json`);
    });
  }
});
