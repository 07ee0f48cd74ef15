import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ended, jsonLines, makeTestSystem, start, type TestSystem } from './test-system.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await makeTestSystem();
}, 60_000);
afterAll(() => system.remove());

const TIMEOUT = 30_000;
const LARGE = 100_000;

/** A server that sends half of each large object and then nothing, until it is told otherwise. */
async function stallingServer(repository: string) {
  const stalled = Promise.withResolvers<void>();
  const ranges: string[] = [];
  let isStalling = true;
  const answer = (name: string, range: string | undefined, response: ServerResponse): void => {
    if (!existsSync(join(repository, name))) {
      response.writeHead(404).end();
      return;
    }
    const bytes = readFileSync(join(repository, name));
    const from = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    if (from > 0) ranges.push(name);
    response.writeHead(from > 0 ? 206 : 200, {
      etag: '"1"',
      'content-length': bytes.length - from,
      ...(from > 0 ? { 'content-range': `bytes ${from}-${bytes.length - 1}/${bytes.length}` } : {}),
    });
    if (!isStalling || bytes.length < LARGE) response.end(bytes.subarray(from));
    else response.write(bytes.subarray(from, bytes.length / 2), () => stalled.resolve());
  };
  const server: Server = createServer((request, response) => {
    answer(request.url ?? '', request.headers.range, response);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    stalled: stalled.promise,
    ranges,
    goOn: () => {
      isStalling = false;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

describe('signals and locks', { timeout: TIMEOUT }, () => {
  test.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
  ] as const)('%s in the middle of a download: exit %i, and the next run goes on', async (signal, exit) => {
    await using server = await stallingServer(system.repository);
    const root = await system.root();
    const child = start(system.folder, 'update', '-p', root, '-u', server.url);
    const end = ended(child);
    await server.stalled;
    child.kill(signal);
    const stopped = await end;
    expect(stopped).toMatchObject({ exit, stdout: '' });
    expect(stopped.stderr).toContain(`Error: stopped by ${signal}\nHint: What has been downloaded is kept`);
    expect(await system.swupd('diagnose', '-p', root, '-q')).toMatchObject({ exit: 0, stdout: '' });
    server.goOn();
    expect(await system.swupd('update', '-p', root, '-u', server.url)).toMatchObject({ exit: 0 });
    expect(server.ranges).toHaveLength(1);
    expect((await system.swupd('info', '-p', root, '-q')).stdout).toBe('20\n');
  });

  test('while a change runs, another is refused with exit 9, and reading is not', async () => {
    await using server = await stallingServer(system.repository);
    const root = await system.root();
    const child = start(system.folder, 'update', '-p', root, '-u', server.url);
    const end = ended(child);
    await server.stalled;
    expect(await system.swupd('repair', '-p', root)).toMatchObject({ exit: 9, stdout: '' });
    expect(await system.swupd('info', '-p', root, '-q')).toMatchObject({ exit: 0, stdout: '10\n' });
    child.kill('SIGTERM');
    expect(await end).toMatchObject({ exit: 143 });
  });

  test('-j ends with the exit code as well', async () => {
    await using server = await stallingServer(system.repository);
    const child = start(system.folder, 'update', '-j', '-p', await system.root(), '-u', server.url);
    const end = ended(child);
    await server.stalled;
    child.kill('SIGTERM');
    const lines = jsonLines(await end);
    expect(lines.find(({ type }) => type === 'error')).toMatchObject({ code: 'terminated', retry: true });
    expect(lines.at(-1)).toEqual({ type: 'end', section: 'update', status: 143 });
  });
});

describe('a reader that goes away', { timeout: TIMEOUT }, () => {
  test.each([
    [['bundle-info', 'os-core', '--files', '-q'], 0],
    [['update', '-j'], 0],
  ])('%j ends as if nothing was', async (args, exit) => {
    const root = await system.root();
    const child = start(system.folder, ...args, '-p', root);
    child.stdout?.destroy();
    const [stderr, [code]] = await Promise.all([
      child.stderr === null ? '' : text(child.stderr),
      once(child, 'exit'),
    ]);
    expect({ code, stderr }).toEqual({ code: exit, stderr: '' });
  });
});

test('check-update and update over swupd-server', { timeout: TIMEOUT }, async () => {
  await using server = await system.serve();
  const root = await system.root();
  const at = ['-p', root, '-u', server.url] as const;
  expect(await system.swupd('check-update', '-q', ...at)).toMatchObject({ exit: 0, stdout: '20\n' });
  expect(await system.swupd('update', '--no-progress', ...at)).toMatchObject({ exit: 0, stderr: '' });
  expect(await system.swupd('verify', '-q', ...at)).toMatchObject({ exit: 0, stdout: '' });
});
