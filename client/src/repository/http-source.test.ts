import { execFile } from 'node:child_process';
import { getEventListeners, once } from 'node:events';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { fetchBytes } from './fetch-bytes.ts';
import type { RepositoryOptions } from './repository.ts';
import {
  type Answerer,
  answerObject,
  answerStatus,
  breakAfter,
  noise,
  openTestSource,
  startServer,
} from './test-server.ts';

const BYTES = noise(5000);

/** Fetches one object of at most 100 kB from a server that answers like this. */
async function get(answer: Answerer, options: Partial<RepositoryOptions> = {}, size?: number) {
  await using server = await startServer(answer);
  await using source = openTestSource(server.url, options);
  const limit = 100_000;
  const result: Buffer | Error = await fetchBytes(source, 'a/b', {
    limit,
    ...(size === undefined ? {} : { size }),
  }).catch((error: Error) => error);
  return { result, requests: server.requests, stats: { ...source.stats } };
}

const honest: Answerer = (response, asked) => answerObject(response, asked, BYTES);

describe('a request', () => {
  test('asks for the plain bytes at the right place', async () => {
    const { result, requests, stats } = await get(honest, {}, BYTES.length);
    expect(result).toEqual(BYTES);
    expect(requests).toMatchObject([
      { path: '/repo/a/b', headers: { 'user-agent': 'swupd/test', 'accept-encoding': 'identity' } },
    ]);
    expect(requests[0]?.headers).not.toHaveProperty('range');
    expect(stats).toEqual({ requests: 1, bytes: BYTES.length });
  });

  test('uses its connection again', async () => {
    await using server = await startServer(honest);
    await using source = openTestSource(server.url);
    for (const name of ['a', 'b', 'c']) await fetchBytes(source, name, { limit: 5000 });
    expect([server.connections, source.stats.requests]).toEqual([1, 3]);
  });

  test('keeps its connections when files are missing', async () => {
    await using server = await startServer((response) => answerStatus(response, 404));
    await using source = openTestSource(server.url);
    for (let index = 0; index < 10; index++) {
      await expect(fetchBytes(source, 'x', { limit: 5000 })).rejects.toMatchObject({
        code: 'not-found',
        exit: 17,
      });
    }
    // The next request may come before the body of the one before is read.
    expect(server.connections).toBeLessThanOrEqual(2);
    expect(source.stats.requests).toBe(10);
  });

  test.each(['../x', '/x', 'a//b', 'a/./b', 'a?b', 'a%2f', ''])('has no name like %j', async (name) => {
    await using source = openTestSource('http://127.0.0.1:1/');
    await expect(source.fetch(name)).rejects.toThrow(TypeError);
  });
});

describe('retries', () => {
  test.each([408, 429, 500, 503])('%i twice, then fine', async (status) => {
    const { result, stats } = await get((response, asked) => {
      if (asked.index < 2) answerStatus(response, status, { 'retry-after': '0' });
      else honest(response, asked);
    });
    expect(result).toEqual(BYTES);
    expect(stats.requests).toBe(3);
  });

  test('not before the server wants them', async () => {
    const began = performance.now();
    const { result } = await get((response, asked) => {
      if (asked.index === 0) answerStatus(response, 429, { 'retry-after': '1' });
      else honest(response, asked);
    });
    expect(result).toEqual(BYTES);
    expect(performance.now() - began).toBeGreaterThanOrEqual(990);
  });

  test('a server that stays broken', async () => {
    const { result, stats } = await get((response) => answerStatus(response, 503), { maxRetries: 2 });
    expect(result).toMatchObject({ code: 'server-error', exit: 16, retry: true });
    expect(stats.requests).toBe(3);
  });

  test('a broken connection', async () => {
    const { result, stats } = await get((response, asked) => {
      if (asked.index === 0) breakAfter(100, response, asked, BYTES);
      else if (asked.index === 1) response.socket?.destroy();
      else honest(response, asked);
    });
    expect(result).toEqual(BYTES);
    expect(stats).toEqual({ requests: 3, bytes: 5100 });
  });

  test('no server at all', async () => {
    const free = createServer().listen(0, '127.0.0.1');
    await once(free, 'listening');
    const address = free.address();
    free.close();
    await once(free, 'close');
    const port = typeof address === 'object' ? address?.port : undefined;
    await using source = openTestSource(`http://127.0.0.1:${port}`);
    await expect(fetchBytes(source, 'x', { limit: 9 })).rejects.toMatchObject({
      code: 'server-unreachable',
      details: { cause: 'ECONNREFUSED' },
    });
    expect(source.stats.requests).toBe(4);
  });
});

describe('bodies', () => {
  const once = { maxRetries: 0 };

  test('longer than the limit, without end', async () => {
    const { result } = await get((response) => {
      const pour = (): void => {
        while (!response.destroyed && response.write(BYTES));
      };
      response.on('drain', pour);
      pour();
    });
    expect(result).toMatchObject({ code: 'body-too-long', details: { limit: 100_000 } });
  });

  test.each([
    ['body-too-long', 4999],
    ['truncated', 5001],
  ])('%s', async (code, size) => {
    expect((await get(honest, once, size)).result).toMatchObject({ code, exit: 17 });
  });

  test('of another length than announced', async () => {
    const { result } = await get((response) => {
      response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc');
    }, once);
    expect(result).toMatchObject({ code: 'server-unreachable' });
  });

  test('with two contradicting lengths', async () => {
    const { result } = await get((response) => {
      response.socket?.end('HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\nab');
    }, once);
    expect(result).toMatchObject({ code: 'unexpected-answer', exit: 17 });
  });

  test('with bytes behind the announced end: they reach nobody', async () => {
    const { result, stats } = await get((response, { index }) => {
      const more = index === 0 ? 'HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nevil' : '';
      response.socket?.write(`HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nabc${more}`);
    });
    expect(result.toString()).toBe('abc');
    expect(stats).toEqual({ requests: 1, bytes: 3 });
  });

  test('that were compressed on the way', async () => {
    const { result } = await get(
      (response) => answerStatus(response, 200, { 'content-encoding': 'gzip' }),
      once,
    );
    expect(result).toMatchObject({ code: 'unexpected-answer' });
  });
});

describe('slow servers', () => {
  test('a trickle', async () => {
    const { result } = await get(
      (response) => {
        const timer = setInterval(() => response.write('x'), 10);
        response.on('close', () => clearInterval(timer));
      },
      { maxRetries: 0, floorRate: { bytesPerSecond: 1000, window: 150 } },
    );
    expect(result).toMatchObject({ code: 'too-slow', exit: 17, retry: true });
  });

  test('a body that stops', async () => {
    const { result, stats } = await get(
      (response, asked) => {
        if (asked.index === 1) return honest(response, asked);
        response.writeHead(200, { 'content-length': 5000 });
        response.write(BYTES.subarray(0, 3000));
      },
      { floorRate: { bytesPerSecond: 1000, window: 400 } },
    );
    expect(result).toEqual(BYTES);
    expect(stats).toEqual({ requests: 2, bytes: 8000 });
  });

  test('no answer', async () => {
    const { result } = await get(() => {}, { maxRetries: 0, answerTimeout: 50 });
    expect(result).toMatchObject({ code: 'server-unreachable', exit: 16 });
  });

  test('errors that trickle hold no connections', async () => {
    let open = 0;
    await using server = await startServer((response) => {
      open += 1;
      const timer = setInterval(() => response.write('x'), 10);
      response.writeHead(404);
      response.on('close', () => {
        clearInterval(timer);
        open -= 1;
      });
    });
    await using source = openTestSource(server.url);
    for (let index = 0; index < 5; index++)
      await expect(fetchBytes(source, 'x', { limit: 9 })).rejects.toMatchObject({ code: 'not-found' });
    expect(open).toBe(5);
    await expect.poll(() => open, { timeout: 5000 }).toBe(0);
  });

  test('a slow reader is no slow server', async () => {
    const big = noise(2_000_000);
    await using server = await startServer((response, asked) => answerObject(response, asked, big));
    let time = 0;
    await using source = openTestSource(server.url, {
      now: () => time,
      floorRate: { bytesPerSecond: 1_000_000_000, window: 5000 },
    });
    let length = 0;
    for await (const chunk of (await source.fetch('x')).body) {
      length += chunk.length;
      time += 60_000;
    }
    expect(length).toBe(big.length);
  });
});

describe('redirects', () => {
  test('within the server, counted as requests', async () => {
    const { result, stats, requests } = await get((response, asked) => {
      if (asked.index < 2) answerStatus(response, 302, { location: `/other/${asked.index}?x=1` });
      else honest(response, asked);
    });
    expect(result).toEqual(BYTES);
    expect(requests.map(({ path }) => path)).toEqual(['/repo/a/b', '/other/0?x=1', '/other/1?x=1']);
    expect(stats).toEqual({ requests: 3, bytes: 5000 + 2 * 'status 302'.length });
  });

  test('keep the range', async () => {
    await using server = await startServer((response, asked) => {
      if (asked.index === 0) answerStatus(response, 307, { location: '/other' });
      else honest(response, asked);
    });
    await using source = openTestSource(server.url);
    const { offset, etag } = await source.fetch('x', { offset: 4000, etag: '"one"' });
    expect([offset, etag]).toEqual([4000, '"one"']);
    expect(server.requests[1]?.headers).toMatchObject({ range: 'bytes=4000-', 'if-range': '"one"' });
  });

  test('without end', async () => {
    const { result, stats } = await get((response) => answerStatus(response, 301, { location: '/again' }));
    expect(result).toMatchObject({ code: 'redirect-refused', exit: 17 });
    expect(stats.requests).toBe(6);
  });

  test.each(['file:///etc/passwd', 'http://example.org/', 'data:,abc'])('to %s', async (location) => {
    const { result, stats } = await get((response) => answerStatus(response, 302, { location }));
    expect(result).toMatchObject({ code: 'redirect-refused' });
    expect(stats.requests).toBe(1);
  });
});

describe('ending', () => {
  test('close stops what is under way, and what comes after', async () => {
    await using server = await startServer((response) => response.write('x'));
    const source = openTestSource(server.url);
    const { body } = await source.fetch('x');
    const reading = (async () => {
      for await (const _ of body) await source.close();
    })();
    await expect(reading).rejects.toMatchObject({ code: 'aborted' });
    await expect(fetchBytes(source, 'x', { limit: 9 })).rejects.toMatchObject({ code: 'aborted' });
    expect(source.stats.requests).toBe(1);
  });

  test('an abort before the answer', async () => {
    const controller = new AbortController();
    await using server = await startServer(() => controller.abort());
    await using source = openTestSource(server.url);
    const { signal } = controller;
    await expect(fetchBytes(source, 'x', { limit: 9, signal })).rejects.toMatchObject({ code: 'aborted' });
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });

  test('no listeners are left, whatever the answer is', async () => {
    const { signal } = new AbortController();
    await using server = await startServer((response, asked) => {
      if (asked.index % 3 === 0) answerStatus(response, 302, { location: '/y' });
      else if (asked.index % 3 === 1) honest(response, asked);
      else answerStatus(response, 404);
    });
    await using source = openTestSource(server.url);
    for (let index = 0; index < 6; index++) {
      await fetchBytes(source, 'x', { limit: 5000, signal }).catch(() => {});
    }
    await expect.poll(() => getEventListeners(signal, 'abort').length).toBe(0);
  });

  test('a reader that stops early ends the transfer', async () => {
    const { promise: closed, resolve } = Promise.withResolvers<void>();
    await using server = await startServer((response) => {
      response.on('close', resolve);
      response.write('x');
    });
    await using source = openTestSource(server.url);
    for await (const _ of (await source.fetch('x')).body) break;
    await closed;
  });

  test('a process ends when it has closed its source', async () => {
    await using server = await startServer(honest);
    const program = `
      const { openSource, fetchBytes } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
      const options = { env: {}, userAgent: 'swupd/test', now: () => performance.now(), random: () => 0 };
      const source = openSource(${JSON.stringify(server.url)}, options);
      console.log((await fetchBytes(source, 'x', { limit: 5000 })).length);
      await source.close();
    `;
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [
      '--input-type=module',
      '-e',
      program,
    ]);
    expect([stdout, stderr]).toEqual(['5000\n', '']);
  });
});

test('nothing is sent before the first fetch', async () => {
  await using server = await startServer(honest);
  await openTestSource(server.url).close();
  expect(server.connections).toBe(0);
});
