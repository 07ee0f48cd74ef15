// 9 cases: servers that break the rules of HTTP, against the source that devices have. What was trusted before stays trusted, and
// an honest server sets all right.
import { gzipSync } from 'node:zlib';
import { LIMITS } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import {
  type Answerer,
  answerStatus,
  openTestSource,
  startServer,
} from '../../../client/src/repository/test-server.ts';
import { sourceClient } from '../client/source-client.ts';
import type { Outcome } from '../client/tuf-client.ts';
import { RepositorySimulator } from '../simulator/repository-simulator.ts';
import { expectOk, expectRefused, START } from '../tuf-case.ts';

type Misbehaviour = (honest: () => void, ...args: Parameters<Answerer>) => void;

/** Refreshes from a server that is honest but for `timestamp.json`, where it does `misbehave`; then from an honest one. */
async function refreshFrom(misbehave: Misbehaviour): Promise<{ outcome: Outcome; paths: readonly string[] }> {
  const repo = new RepositorySimulator({ scheme: 'ed25519', now: START });
  const honest: Answerer = (response, { path }) => {
    const bytes = repo.fetchMetadata(path.replace(/^\/repo\/metadata\//, ''));
    if (bytes === undefined) answerStatus(response, 404);
    else response.end(bytes);
  };
  await using server = await startServer((response, asked) => {
    if (/(?:timestamp\.json|elsewhere)$/.test(asked.path))
      misbehave(() => honest(response, { ...asked, path: '/repo/metadata/timestamp.json' }), response, asked);
    else honest(response, asked);
  });
  await using source = openTestSource(server.url, QUICK);
  const client = sourceClient(repo.bytesOf('root', 1) ?? Buffer.alloc(0), START);
  const outcome = await client.refresh(source);
  const paths = server.requests.map(({ path }) => path).filter((path) => !path.endsWith('.root.json'));
  if (!outcome.ok) expect([...client.store.keys()]).toEqual(['root']);

  await using honestServer = await startServer(honest);
  await using honestSource = openTestSource(honestServer.url);
  expectOk(await client.refresh(honestSource));
  expect([...client.store.keys()].sort()).toEqual(['root', 'snapshot', 'targets', 'timestamp']);
  return { outcome, paths };
}

/** Enough to see that it tries again, and gives up. */
const QUICK = {
  maxRetries: 2,
  longestPause: 20,
  answerTimeout: 5000,
  floorRate: { bytesPerSecond: 10_000, window: 200 },
};

describe('a body', () => {
  test('that never ends is not read beyond the limit', async () => {
    let sent = 0;
    const { outcome } = await refreshFrom((_, response) => {
      const chunk = Buffer.alloc(4096, ' ');
      const send = (): void => {
        while (!response.destroyed && response.write(chunk)) sent += chunk.length;
        response.once('drain', send);
      };
      send();
    });
    expectRefused(outcome, 'body-too-long');
    expect(sent).toBeGreaterThan(LIMITS.timestampFile);
    // What the sockets on both sides hold may be on its way.
    expect(sent).toBeLessThan(16 * 1024 * 1024);
  });

  test('that trickles is given up', async () => {
    const { outcome, paths } = await refreshFrom((_, response) => {
      const timer = setInterval(() => response.write(' '), 20);
      response.once('close', () => clearInterval(timer));
    });
    expectRefused(outcome, 'too-slow');
    expect(paths.length).toBeGreaterThan(1);
  });
});

describe('a redirect', () => {
  test('to another host that is less safe is refused', async () => {
    const { outcome } = await refreshFrom((_, response) =>
      answerStatus(response, 302, { location: 'http://updates.example/metadata/timestamp.json' }),
    );
    expectRefused(outcome, 'redirect-refused');
  });

  test('to a file is refused', async () => {
    const { outcome } = await refreshFrom((_, response) =>
      answerStatus(response, 301, { location: 'file:///etc/passwd' }),
    );
    expectRefused(outcome, 'redirect-refused');
  });

  test('in a loop is refused after a few', async () => {
    const { outcome, paths } = await refreshFrom((_, response, { path }) =>
      answerStatus(response, 307, { location: path.endsWith('elsewhere') ? 'timestamp.json' : 'elsewhere' }),
    );
    expectRefused(outcome, 'redirect-refused');
    expect(paths.length).toBeLessThan(10);
  });

  test('that leads to the file is followed', async () => {
    const { outcome } = await refreshFrom((honest, response, { path }) =>
      path.endsWith('elsewhere') ? honest() : answerStatus(response, 302, { location: 'elsewhere' }),
    );
    expectOk(outcome);
  });
});

describe('a status', () => {
  test('of 503 is tried again, and given up', async () => {
    const { outcome, paths } = await refreshFrom((_, response) => answerStatus(response, 503));
    expectRefused(outcome, 'server-error');
    expect(paths).toHaveLength(1 + QUICK.maxRetries);
  });

  test('of 429 is tried again, at the latest after the longest pause', async () => {
    let tries = 0;
    const { outcome } = await refreshFrom((honest, response) => {
      if (tries++ === 0) answerStatus(response, 429, { 'retry-after': '3600' });
      else honest();
    });
    expectOk(outcome);
    expect(tries).toBe(2);
  });
});

describe('a length', () => {
  test('that ends within gzip, which nobody asked for', async () => {
    const { outcome } = await refreshFrom((_, response) => {
      const bytes = gzipSync(Buffer.alloc(1000, 'x'));
      response.writeHead(200, { 'content-encoding': 'gzip' });
      response.end(bytes.subarray(0, bytes.length / 2));
    });
    expectRefused(outcome, 'unexpected-answer');
  });

  test('that is longer than what comes', async () => {
    const { outcome, paths } = await refreshFrom((_, response) => {
      response.writeHead(200, { 'content-length': 1000 });
      response.write('{', () => response.socket?.destroy());
    });
    expectRefused(outcome, 'server-unreachable', 'body-too-short');
    expect(paths.length).toBeGreaterThan(1);
  });

  test('that is shorter than what comes', async () => {
    const { outcome } = await refreshFrom((_, response) => {
      const { socket } = response;
      socket?.end(
        'HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\n{"signed":{},"signatures":[]}',
      );
    });
    expectRefused(outcome, 'unsigned-metadata', 'bad-metadata', 'unexpected-answer', 'server-unreachable');
  });
});

describe('a target over HTTP', () => {
  test.each([
    ['longer', 'body-too-long', 'content and more'],
    ['shorter', 'body-too-short', 'cont'],
  ])('that is %s than announced', async (_, code, body) => {
    await using server = await startServer((response) => {
      response.write(body);
      response.end();
    });
    await using source = openTestSource(server.url, QUICK);
    expectRefused(await sourceClient(Buffer.alloc(0), START).fetchTarget(source, 'file', 7), code);
  });
});

test.each(['?', '#', '/delegatedrole', '../delegatedrole', 'stable.1'])(
  'a role called %s over HTTP',
  async (name) => {
    const repo = new RepositorySimulator({ scheme: 'ed25519', now: START });
    repo.addDelegation('targets', { name });
    repo.addArtifact('file', 'content', name);
    repo.publishAll();
    await using server = await startServer((response, { path }) => {
      const bytes = repo.fetchMetadata(path.replace(/^\/repo\/metadata\//, ''));
      if (bytes === undefined) answerStatus(response, 404);
      else response.end(bytes);
    });
    await using source = openTestSource(server.url, QUICK);
    const client = sourceClient(repo.bytesOf('root', 1) ?? Buffer.alloc(0), START);
    expectOk(await client.find(source, 'file'));
    expect(repo.metadataRequests.at(-1)).toEqual([name, 1]);
  },
);
