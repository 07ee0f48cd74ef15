// 6 cases: names that a publisher has chosen. A path is compared, never followed: a target is what its role says, or nothing.
import { describe, expect } from 'vitest';
import { expectOk, expectRefused, furtherCase } from '../tuf-case.ts';

describe('a target path', () => {
  const STRANGE: Readonly<Record<string, string>> = {
    'with dots': '../../etc/passwd',
    'with a NUL': 'file\0.txt',
    absolute: '/etc/passwd',
    'that is long': `${'a/'.repeat(5000)}file`,
  };

  for (const [name, path] of Object.entries(STRANGE)) {
    furtherCase(`${name} is a name like any other`, async ({ repo, client, init }) => {
      await init();
      repo.addDelegation('targets', { name: 'role', paths: ['*', '*/*', '*/*/*'] });
      repo.addArtifact(path, 'content');
      repo.publishAll();
      expectOk(await client.download(path));
      expect([...client.artifacts().keys()]).toEqual([path]);
      const asked = client.requests
        .filter(({ kind }) => kind !== 'load')
        .map((request) => (request.kind === 'fetch' ? request.name : request.kind));
      expect(asked.filter((item) => item.includes('..') || item.includes('/'))).toEqual([]);
      expectRefused(await client.download(`${path}x`), 'unknown-target');
    });
  }

  furtherCase('in another Unicode form is another path', async ({ repo, client, init }) => {
    await init();
    const [composed, decomposed] = ['caf\u00e9', 'cafe\u0301'];
    repo.addDelegation('targets', { name: 'role', paths: [composed] });
    repo.addArtifact(composed, 'content', 'role');
    repo.publishAll();
    expectRefused(await client.download(decomposed), 'unknown-target');
    expectOk(await client.download(composed));
  });
});

furtherCase('two delegations of one name are refused', async ({ repo, client, init }) => {
  await init();
  repo.addDelegation('targets', { name: 'role', paths: ['a'] });
  repo.addDelegation('targets', { name: 'role', paths: ['b'] });
  repo.publishAll();
  expectRefused(await client.refresh(), 'bad-metadata');
});
