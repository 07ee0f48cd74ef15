// Cases J, 49 to 52: in which order delegated roles are asked, and who may speak for which paths.
import { describe, expect } from 'vitest';
import type { RepositorySimulator } from '../simulator/repository-simulator.ts';
import { expectOk, expectRefused, tufCase } from '../tuf-case.ts';

/** From, to, and what is out of the ordinary: a pattern, or that it is terminating. */
type Edge = readonly [from: string, to: string, special?: string];

const TERMINATING = 'terminating';

/** Edges in their order, and the roles that are asked for a path that nobody has. */
const GRAPHS: Readonly<Record<string, readonly [edges: readonly Edge[], asked: string]>> = {
  'one role': [[['targets', 'A']], 'A'],
  'two roles': [
    [
      ['targets', 'A'],
      ['targets', 'B'],
    ],
    'AB',
  ],
  'three roles': [
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['targets', 'C'],
    ],
    'ABC',
  ],
  'two below the first': [
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C'],
      ['A', 'D'],
    ],
    'ACDB',
  ],
  'two levels below the first': [
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C'],
      ['C', 'D'],
    ],
    'ACDB',
  ],
  'a terminating role ends the search': [
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C', TERMINATING],
      ['A', 'D'],
    ],
    'AC',
  ],
  'a terminating role is asked with those below it': [
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C', TERMINATING],
      ['C', 'D'],
    ],
    'ACD',
  ],
  'the first is for other paths': [
    [
      ['targets', 'A', '*.py'],
      ['targets', 'B'],
    ],
    'B',
  ],
  'one below the first is for other paths': [
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C', '*.py'],
    ],
    'AB',
  ],
  'a cycle': [
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['B', 'C'],
      ['C', 'D'],
      ['D', 'B'],
    ],
    'ABCD',
  ],
  'two ways to one role': [
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C'],
      ['B', 'C'],
    ],
    'ACB',
  ],
  'two ways to one role, the first for other paths': [
    [
      ['targets', 'A'],
      ['targets', 'B'],
      ['A', 'C', '*.py'],
      ['B', 'C'],
    ],
    'ABC',
  ],
};

describe('49 graph_traversal', () => {
  for (const [name, [edges, asked]] of Object.entries(GRAPHS)) {
    tufCase(name, async ({ repo, client, init }) => {
      await init();
      for (const [from, to, special] of edges) {
        const paths = special === undefined || special === TERMINATING ? ['*'] : [special];
        repo.addDelegation(from, { name: to, paths, terminating: special === TERMINATING });
      }
      repo.publishAll();
      expectOk(await client.refresh());
      repo.metadataRequests.length = 0;
      expectRefused(await client.download('missing'), 'unknown-target');
      expect(delegatedRequests(repo)).toEqual([...asked]);
    });
  }
});

/** Path, the delegated roles that are asked, and whether it is found. */
const SEARCHES: readonly (readonly [path: string, asked: string, found: boolean])[] = [
  ['targetfile', '', true],
  ['README.md', 'A', true],
  ['releases/x/x_v1', 'BC', true],
  ['releases/y/y_v1.zip', 'BD', true],
  ['releases/z/z_v1.zip', 'B', false],
  ['releases/README.md', '', false],
  ['foo-1.tgz', 'A', true],
  ['foo-alpha.tgz', '', false],
  ['README.MD', '', false],
];

describe('50 targetfile_search', () => {
  for (const [path, asked, found] of SEARCHES) {
    tufCase(path, async ({ repo, client, init }) => {
      await init();
      publishTree(repo);
      expectOk(await client.refresh());
      repo.metadataRequests.length = 0;
      const outcome = await client.download(path);
      if (found) expectOk(outcome);
      else expectRefused(outcome, 'unknown-target');
      expect(delegatedRequests(repo)).toEqual([...asked]);
      expect([...client.artifacts().keys()]).toEqual(found ? [path] : []);
    });
  }
});

tufCase('51 cached_role_is_verified_against_current_delegator', async ({ repo, client, init }) => {
  await init();
  repo.addDelegation('targets', { name: 'A', paths: ['a-*'] });
  repo.addDelegation('targets', { name: 'B', paths: ['b-*'] });
  repo.addDelegation('A', { name: 'release', paths: ['?-*'] });
  const [keyOfA = ''] = repo.signersOf('release').keys();
  repo.addDelegation('B', { name: 'release', paths: ['?-*'] });
  for (const keyid of repo.signersOf('release').keys())
    if (keyid !== keyOfA) repo.signersOf('release').delete(keyid);
  repo.addArtifact('a-file', 'through A', 'release');
  repo.addArtifact('b-file', 'through B', 'release');
  repo.publishAll();
  expectRefused(await client.download('a-file', 'b-file'), 'unsigned-metadata');
  expect([...client.artifacts().keys()]).toEqual(['a-file']);
  expectRefused(await client.download('b-file'), 'unsigned-metadata');
  expect([...client.artifacts().keys()]).toEqual(['a-file']);
});

tufCase('52 delegation_not_in_snapshot', async ({ repo, client, init }) => {
  await init();
  repo.addDelegation('targets', { name: 'A' });
  repo.publishAll();
  delete repo.snapshot.meta['A.json'];
  repo.publish(['snapshot', 'timestamp']);
  expectOk(await client.refresh());
  expectRefused(await client.download('missing'), 'metadata-missing');
  expect(delegatedRequests(repo)).toEqual([]);
});

function publishTree(repo: RepositorySimulator): void {
  repo.addDelegation('targets', { name: 'A', paths: ['*.doc', '*.md', 'foo-?.tgz'] });
  repo.addDelegation('targets', { name: 'B', paths: ['releases/*/*'] });
  repo.addDelegation('B', { name: 'C', paths: ['releases/x/*'] });
  repo.addDelegation('B', { name: 'D', paths: ['releases/y/*.zip'] });
  for (const [path, role] of [
    ['targetfile', 'targets'],
    ['README.md', 'A'],
    ['README.MD', 'A'],
    ['foo-1.tgz', 'A'],
    ['foo-alpha.tgz', 'A'],
    ['releases/README.md', 'B'],
    ['releases/x/x_v1', 'C'],
    ['releases/y/y_v1.zip', 'D'],
    ['releases/z/z_v1.zip', 'D'],
  ] as const)
    repo.addArtifact(path, `content of ${path}`, role);
  repo.publishAll();
}

function delegatedRequests(repo: RepositorySimulator): string[] {
  const top = new Set(['root', 'timestamp', 'snapshot', 'targets']);
  return repo.metadataRequests.map(([role]) => role).filter((role) => !top.has(role));
}
