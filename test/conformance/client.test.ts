// The command as the public suite runs it: a few of its cases, by the clock of this machine. All of them: pnpm conformance.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { CommandClient } from '../tuf/client/command-client.ts';
import { RepositorySimulator } from '../tuf/simulator/repository-simulator.ts';
import { serveSimulator } from '../tuf/simulator/serve-simulator.ts';
import { expectOk, expectRefused, versionsOf } from '../tuf/tuf-case.ts';

const COMMAND = fileURLToPath(new URL('./client', import.meta.url));

function simulate(): RepositorySimulator {
  return new RepositorySimulator({ scheme: 'ecdsa-sha2-nistp256', now: Math.floor(Date.now() / 1000) });
}

test('init, refresh and download', async () => {
  const repo = simulate();
  repo.addArtifact('folder/file', 'content');
  repo.publish(['targets', 'snapshot', 'timestamp']);
  await using client = new CommandClient({ server: await serveSimulator(repo) });
  expectOk(await client.init(repo.bytesOf('root', 1) ?? Buffer.alloc(0)));
  expect(repo.metadataRequests).toEqual([]);
  expect(versionsOf(client)).toEqual({ root: 1 });
  expectOk(await client.refresh());
  expect(versionsOf(client)).toEqual({ root: 1, snapshot: 2, targets: 2, timestamp: 2 });
  expectOk(await client.download('folder/file'));
  expectOk(await client.download('folder/file'));
  expect(client.artifacts()).toEqual(new Map([['folder/file', Buffer.from('content')]]));
  expect(repo.artifactRequests).toHaveLength(1);
  expectRefused(await client.download('folder/other'), 'unknown-target');
});

test('a refusal keeps what was trusted, and says its code', async () => {
  const repo = simulate();
  await using client = new CommandClient({ server: await serveSimulator(repo) });
  expectOk(await client.init(repo.bytesOf('root', 1) ?? Buffer.alloc(0)));
  expectOk(await client.refresh());
  repo.rollBack('timestamp');
  repo.timestamp.expires = repo.day(-1);
  repo.publish(['timestamp']);
  repo.publish(['timestamp']);
  expectRefused(await client.refresh(), 'metadata-expired');
  expect(versionsOf(client)).toMatchObject({ timestamp: 1 });
});

test.each([
  ['no command', []],
  ['an unknown command', ['--metadata-dir', '/nowhere', 'update']],
  ['an unknown option', ['--metadata-dir', '/nowhere', '--force', 'refresh']],
  ['no URL', ['--metadata-dir', '/nowhere', 'refresh']],
])('with %s it ends with 1', (_, args) => {
  const { status, stderr } = spawnSync(COMMAND, args, { encoding: 'utf8' });
  expect({ status, stderr }).toMatchObject({ status: 1, stderr: expect.stringMatching(/^failed: /) });
});
