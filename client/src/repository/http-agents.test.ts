import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fetchBytes } from './fetch-bytes.ts';
import { createTestAuthority, type TestAuthority } from './test-certificates.ts';
import { startProxy } from './test-proxy.ts';
import {
  type Answerer,
  answerObject,
  answerStatus,
  noise,
  openTestSource,
  startServer,
  type TlsFiles,
} from './test-server.ts';

const BYTES = noise(5000);
const honest: Answerer = (response, asked) => answerObject(response, asked, BYTES);
const EXACT = { limit: BYTES.length, size: BYTES.length };

let folder: string;
let authority: TestAuthority;
let tls: TlsFiles;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ca-'));
  authority = createTestAuthority(folder);
  tls = authority.issue('IP:127.0.0.1');
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('TLS', () => {
  test('with a CA of our own', async () => {
    await using server = await startServer(honest, tls);
    await using source = openTestSource(server.url, { caFile: authority.caFile });
    expect(await fetchBytes(source, 'x', EXACT)).toEqual(BYTES);
  });

  test.each([
    ['an unknown CA', () => tls, false],
    ['a certificate for another name', () => authority.issue('DNS:example.org'), true],
  ])('%s', async (_, certificate, known) => {
    await using server = await startServer(honest, certificate());
    await using source = openTestSource(server.url, known ? { caFile: authority.caFile } : {});
    await expect(fetchBytes(source, 'x', EXACT)).rejects.toMatchObject({ code: 'tls-failed', exit: 24 });
    expect(source.stats.requests).toBe(1);
    expect(server.requests).toEqual([]);
  });

  test('a server that does not speak it', async () => {
    await using server = await startServer(honest);
    await using source = openTestSource(server.url.replace('http:', 'https:'));
    await expect(fetchBytes(source, 'x', EXACT)).rejects.toMatchObject({ code: 'tls-failed' });
  });

  test('no redirect to plain http', async () => {
    await using plain = await startServer(honest);
    await using server = await startServer(
      (response) => answerStatus(response, 302, { location: plain.url }),
      tls,
    );
    await using source = openTestSource(server.url, { caFile: authority.caFile, allowInsecureHttp: true });
    await expect(fetchBytes(source, 'x', EXACT)).rejects.toMatchObject({ code: 'redirect-refused' });
    expect(plain.requests).toEqual([]);
  });

  test('a redirect from plain http', async () => {
    await using server = await startServer(honest, tls);
    await using plain = await startServer((response) =>
      answerStatus(response, 302, { location: `${server.url}/x` }),
    );
    await using source = openTestSource(plain.url, { caFile: authority.caFile });
    expect(await fetchBytes(source, 'x', EXACT)).toEqual(BYTES);
  });

  test.each(['missing.pem', 'text.pem'])('%s is no CA file', async (name) => {
    writeFileSync(join(folder, 'text.pem'), 'no certificate');
    await using source = openTestSource('https://localhost/', { caFile: join(folder, name) });
    await expect(fetchBytes(source, 'x', EXACT)).rejects.toMatchObject({ code: 'bad-ca-file', exit: 24 });
    expect(source.stats.requests).toBe(0);
  });
});

describe('proxies', () => {
  test.each(['http_proxy', 'HTTP_PROXY'])('plain http through %s', async (variable) => {
    await using server = await startServer(honest);
    await using proxy = await startProxy();
    await using source = openTestSource(server.url, { env: { [variable]: proxy.url } });
    expect(await fetchBytes(source, 'x', EXACT)).toEqual(BYTES);
    expect(proxy.seen).toEqual([`GET ${server.url}/x`]);
  });

  test('https through a tunnel, which is used again', async () => {
    await using server = await startServer(honest, tls);
    await using proxy = await startProxy();
    await using source = openTestSource(server.url, {
      env: { https_proxy: proxy.url },
      caFile: authority.caFile,
    });
    expect(await fetchBytes(source, 'x', EXACT)).toEqual(BYTES);
    expect(await fetchBytes(source, 'y', EXACT)).toEqual(BYTES);
    expect(proxy.seen).toEqual([`CONNECT 127.0.0.1:${server.port}`]);
  });

  test('TLS is checked through a tunnel too', async () => {
    await using server = await startServer(honest, tls);
    await using proxy = await startProxy();
    await using source = openTestSource(server.url, { env: { https_proxy: proxy.url } });
    await expect(fetchBytes(source, 'x', EXACT)).rejects.toMatchObject({ code: 'tls-failed' });
  });

  test('no_proxy', async () => {
    await using server = await startServer(honest);
    await using proxy = await startProxy();
    await using source = openTestSource(server.url, {
      env: { http_proxy: proxy.url, no_proxy: '127.0.0.1' },
    });
    expect(await fetchBytes(source, 'x', EXACT)).toEqual(BYTES);
    expect(proxy.seen).toEqual([]);
  });

  test.each(['http', 'https'])('%s through one that does not answer', async (scheme) => {
    await using proxy = await startProxy({ silent: true });
    await using source = openTestSource(`${scheme}://127.0.0.1:1/`, {
      env: { http_proxy: proxy.url, https_proxy: proxy.url },
      answerTimeout: 100,
      maxRetries: 0,
    });
    await expect(fetchBytes(source, 'x', EXACT)).rejects.toMatchObject({
      code: 'server-unreachable',
      exit: 16,
    });
    expect(proxy.seen).toHaveLength(1);
  });

  test('a process ends although its proxy never answered', async () => {
    await using proxy = await startProxy({ silent: true });
    const program = `
      const { openSource, fetchBytes } = await import(${JSON.stringify(new URL('./index.ts', import.meta.url).href)});
      const env = { https_proxy: ${JSON.stringify(proxy.url)} };
      const clocks = { now: () => performance.now(), random: () => 0 };
      const limits = { answerTimeout: 200, maxRetries: 0 };
      const source = openSource('https://127.0.0.1:1/', { env, userAgent: 'swupd/test', ...clocks, ...limits });
      await fetchBytes(source, 'x', { limit: 1 }).catch((error) => console.log(error.code));
      await source.close();
    `;
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
    expect(stdout).toBe('server-unreachable\n');
  });
});
