import { once } from 'node:events';
import { readdir, readlink, rm, truncate } from 'node:fs/promises';
import { Agent, get as httpGet, type IncomingMessage } from 'node:http';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { LAYOUT } from '@swupd/manifests';
import { describe, expect, test } from 'vitest';
import { createLogger } from './logger.ts';
import { createRepositoryServer } from './repository-server.ts';
import { BLOB, exchange, LogRecorder, offering, serveTree, TREE, writeTree } from './test-repository.ts';

const LARGE = 64 * 1024 * 1024;

describe('methods', () => {
  test.each(['POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'TRACE', 'PROPFIND'])('%s: 405', async (method) => {
    await using served = await serveTree();
    for (const path of ['/', '/healthz', `/${BLOB}`]) {
      const answer = await exchange(
        served.port,
        `${method} ${path} HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n`,
      );
      expect(answer).toMatch(/^HTTP\/1\.1 405 /);
      expect(answer).toMatch(/^Allow: GET, HEAD\r$/m);
    }
  });
});

describe('its own pages', () => {
  test('/ says what this is and where the trust anchor lies', async () => {
    await using served = await serveTree();
    const response = await fetch(served.url);
    expect(response.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await response.text()).toContain(`/${LAYOUT.root(1)}`);
  });

  test.each([
    ['the newest build', TREE, { status: 200, body: { status: 'ok', version: 10 } }],
    [
      'no build',
      { [LAYOUT.root(1)]: TREE[LAYOUT.root(1)] as Buffer, ...offering(undefined) },
      { status: 200, body: { status: 'ok', version: null } },
    ],
    [
      'a torn timestamp',
      { ...TREE, [LAYOUT.timestamp]: Buffer.from('{"sig') },
      { status: 503, body: { status: 'unavailable' } },
    ],
    [
      'a timestamp of nothing',
      { ...TREE, [LAYOUT.timestamp]: Buffer.from('{"signatures":[],"signed":{"meta":{}}}') },
      { status: 503, body: { status: 'unavailable' } },
    ],
  ])('/healthz with %s', async (_what, tree, expected) => {
    await using served = await serveTree(tree);
    const response = await fetch(`${served.url}/healthz`);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect({ status: response.status, body: await response.json() }).toEqual(expected);
  });

  test('/healthz without the repository', async () => {
    await using served = await serveTree();
    await rm(join(served.repository, 'metadata'), { recursive: true });
    expect((await fetch(`${served.url}/healthz`)).status).toBe(503);
  });
});

describe('the log', () => {
  test('one line a request', async () => {
    await using served = await serveTree();
    await (await fetch(`${served.url}/${BLOB}?q`, { headers: { Range: 'bytes=0-99' } })).arrayBuffer();
    const line = await served.log.find({ status: 206 });
    expect(line).toEqual({
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      msg: 'request',
      method: 'GET',
      path: `/${BLOB}?q`,
      status: 206,
      bytes: expect.any(Number),
      ms: expect.any(Number),
      range: 'bytes=0-99',
    });
    expect(line.bytes).toBeGreaterThan(100);
    expect(line.bytes).toBeLessThan(1000);
    expect(served.log.lines.filter(({ method }) => method !== undefined)).toHaveLength(1);
  });

  test('a missing file is no failure of the server, and a long path is cut', async () => {
    await using served = await serveTree();
    await fetch(`${served.url}/${'a/'.repeat(2000)}b`);
    const line = await served.log.find({ status: 404 });
    expect([line.level, String(line.path).length]).toEqual(['info', 1000]);
  });

  test('a client that leaves, and no file handle stays open', async () => {
    await using served = await serveTree();
    await truncate(join(served.repository, BLOB), LARGE);
    const response = await slowDownload(served.url, new Agent());
    response.destroy();
    const line = await served.log.find({ aborted: true });
    expect(line).toMatchObject({ status: 200, level: 'info' });
    expect(line.bytes).toBeLessThan(LARGE);
    await served.server.close();
    // A handler that is about to end closes its file after the connection.
    await expect.poll(() => openFiles(served.repository)).toEqual([]);
  });
});

describe('closing', () => {
  test('a download in flight completes, idle connections end, and new ones are refused', async () => {
    await using served = await serveTree();
    await truncate(join(served.repository, BLOB), LARGE);
    const agent = new Agent({ keepAlive: true });
    const idle = await ask(`${served.url}/healthz`, agent);
    const idleEnded = once(idle.socket, 'close');
    await buffer(idle);
    const slow = await slowDownload(served.url, new Agent({ keepAlive: true }));
    const closed = served.server.close();
    await idleEnded;
    await expect(ask(served.url, new Agent())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    expect((await buffer(slow)).length).toBe(LARGE);
    await closed;
    agent.destroy();
  });

  test('a reader that stalls is cut after the grace', async () => {
    await using served = await serveTree(TREE, { closeGrace: 50 });
    await truncate(join(served.repository, BLOB), LARGE);
    const stalled = await slowDownload(served.url, new Agent());
    await served.server.close();
    await expect(buffer(stalled)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });
});

describe('listening', () => {
  const logger = createLogger('silent', new LogRecorder());

  test('a port that is taken', async () => {
    await using served = await serveTree();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const second = createRepositoryServer({ repository: served.repository, logger });
    await expect(second.listen('127.0.0.1', port)).rejects.toMatchObject({ code: 'port-in-use' });
    other.close();
  });

  test.each(['192.0.2.1', ''])('%j is no address of this machine', async (host) => {
    await using served = await serveTree();
    const second = createRepositoryServer({ repository: served.repository, logger });
    await expect(second.listen(host, 0)).rejects.toMatchObject({ code: 'listen-failed' });
  });

  test('a folder that is no repository', async () => {
    await using served = await serveTree();
    await writeTree(served.outside, { 'metadata/readme': Buffer.from('') });
    for (const repository of [
      served.outside,
      join(served.outside, 'nowhere'),
      join(served.repository, BLOB),
    ]) {
      const server = createRepositoryServer({ repository, logger });
      await expect(server.listen('127.0.0.1', 0)).rejects.toMatchObject({ code: 'not-a-repository' });
    }
  });
});

function ask(url: string, agent: Agent): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    httpGet(url, { agent }, resolve).once('error', reject);
  });
}

/** The answer with its header read, and its body left in the network. */
function slowDownload(url: string, agent: Agent): Promise<IncomingMessage> {
  return ask(`${url}/${BLOB}`, agent);
}

/** The files below `folder` that this process, in which the server runs, has open. */
async function openFiles(folder: string): Promise<string[]> {
  const links = (await readdir('/proc/self/fd')).map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => ''));
  return (await Promise.all(links)).filter((target) => target.startsWith(folder));
}
