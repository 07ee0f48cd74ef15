// Cases G, 42 to 48: artifacts.
import { describe, expect } from 'vitest';
import { describeArtifact, type RepositorySimulator } from '../simulator/repository-simulator.ts';
import { expectOk, expectRefused, tufCase } from '../tuf-case.ts';

for (const [name, path] of [
  ['42 client_downloads_expected_file', 'file.txt'],
  ['43 client_downloads_expected_file_in_sub_dir', 'dir/below/file.txt'],
] as const) {
  tufCase(name, async ({ repo, client, init }) => {
    await init();
    publishArtifact(repo, path, 'what is expected');
    expectOk(await client.download(path));
    expect(client.artifacts()).toEqual(new Map([[path, Buffer.from('what is expected')]]));
    const prefix = repo.targets.targets[path]?.hashes.sha256;
    expect(repo.artifactRequests).toEqual([[path, prefix]]);
  });
}

tufCase('44 repository_substitutes_target_file', async ({ repo, client, init }) => {
  await init();
  publishArtifact(repo, 'one', 'content of one');
  publishArtifact(repo, 'two', 'content of two');
  expectOk(await client.download('one'));
  repo.artifacts.set('one', Buffer.from('content of two'));
  repo.artifacts.set('two', Buffer.from('content of one'));
  expectOk(await client.download('one'));
  expectRefused(await client.download('two'), 'target-mismatch');
  expect(client.artifacts()).toEqual(new Map([['one', Buffer.from('content of one')]]));
});

tufCase('45 multiple_changes_to_target', async ({ repo, client, init }) => {
  await init();
  publishArtifact(repo, 'file', 'content 0');
  expectOk(await client.download('file'));
  for (let round = 1; round <= 11; round++) {
    publishArtifact(repo, 'file', `content ${round}`);
    if (round % 5 !== 0) continue;
    repo.artifacts.set('file', Buffer.from(`wrong ${round}`));
    expectRefused(await client.download('file'), 'target-mismatch');
    expect(client.artifacts().get('file')?.toString()).toBe(`content ${round - 5}`);
    repo.artifacts.set('file', Buffer.from(`content ${round}`));
    expectOk(await client.download('file'));
    expect(client.artifacts()).toEqual(new Map([['file', Buffer.from(`content ${round}`)]]));
  }
});

describe('46 download_with_hash_algorithms', () => {
  for (const algorithms of [['sha256'], ['sha512'], ['sha256', 'sha512']]) {
    tufCase(algorithms.join(' and '), async ({ repo, client, init }) => {
      await init();
      const bytes = Buffer.from('content');
      const target = describeArtifact(bytes, algorithms);
      repo.artifacts.set('file', bytes);
      repo.targets.targets.file = target;
      repo.publish(['targets', 'snapshot', 'timestamp']);
      expectOk(await client.download('file'));
      expect(repo.artifactRequests).toHaveLength(1);
      expect(Object.values(target.hashes)).toContain(repo.artifactRequests[0]?.[1]);
    });
  }
});

tufCase('47 download_with_unknown_hash_algorithm', async ({ repo, client, init }) => {
  await init();
  repo.artifacts.set('file', Buffer.from('content'));
  repo.targets.targets.file = { length: 7, hashes: { 'new-algorithm': 'aa'.repeat(32) } };
  repo.publish(['targets', 'snapshot', 'timestamp']);
  expectRefused(await client.download('file'), 'target-mismatch');
  expect(client.artifacts()).toEqual(new Map());
});

tufCase('48 artifact_cache', async ({ repo, client, init }) => {
  await init();
  publishArtifact(repo, 'file', 'content');
  expectOk(await client.download('file'));
  repo.artifactRequests.length = 0;
  expectOk(await client.download('file'));
  expect(repo.artifactRequests).toEqual([]);
});

function publishArtifact(repo: RepositorySimulator, path: string, content: string): void {
  repo.addArtifact(path, content);
  repo.publish(['targets', 'snapshot', 'timestamp']);
}
