import { execFile } from 'node:child_process';
import { mkdir, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { LAYOUT } from '@swupd/manifests';
import { sha256 } from '@swupd/shared';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  BLOB,
  BYTES,
  exchange,
  type ServedRepository,
  serveTree,
  TREE,
  timestampOf,
  writeTree,
} from './test-repository.ts';

let served: ServedRepository;

beforeAll(async () => {
  served = await serveTree();
});
afterAll(() => served[Symbol.asyncDispose]());

function get(name: string, headers: Record<string, string> = {}, method = 'GET'): Promise<Response> {
  return fetch(`${served.url}/${name}`, { method, headers });
}

async function bytesOf(response: Response): Promise<Buffer> {
  return Buffer.from(await response.arrayBuffer());
}

describe('whole files', () => {
  test.each(Object.entries(TREE))('%s', async (name, bytes) => {
    const response = await get(name);
    expect(response.status).toBe(200);
    expect(await bytesOf(response)).toEqual(bytes);
    const headers = Object.fromEntries(response.headers);
    expect(headers).toMatchObject({
      'accept-ranges': 'bytes',
      'content-length': String(bytes.length),
      'content-type': name.endsWith('.json') ? 'application/json' : 'application/octet-stream',
      'x-content-type-options': 'nosniff',
      etag: expect.stringMatching(/^"[0-9a-f-]+"$/),
    });
    expect(headers).not.toHaveProperty('content-encoding');
    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers['cache-control']).toBe(
      name === LAYOUT.timestamp
        ? 'public, max-age=60, must-revalidate'
        : 'public, max-age=31536000, immutable',
    );
  });

  test('HEAD gives the same headers without a body', async () => {
    const [head, whole] = [await get(BLOB, {}, 'HEAD'), await get(BLOB)];
    const pick = ({ headers }: Response) =>
      ['etag', 'content-length', 'content-type', 'cache-control', 'accept-ranges'].map((name) =>
        headers.get(name),
      );
    expect(head.status).toBe(200);
    expect(pick(head)).toEqual(pick(whole));
    expect((await bytesOf(head)).length).toBe(0);
  });

  test('HEAD has no ranges', async () => {
    const head = await get(BLOB, { Range: 'bytes=0-9' }, 'HEAD');
    expect([head.status, head.headers.get('content-length')]).toEqual([200, '256']);
  });

  test('an empty file and a query string are no problem', async () => {
    await writeTree(served.repository, { 'blobs/00/empty': Buffer.alloc(0) });
    const response = await get('blobs/00/empty?x=/../..');
    expect([response.status, response.headers.get('content-length')]).toEqual([200, '0']);
    expect((await bytesOf(response)).length).toBe(0);
  });

  test('a client that accepts compression gets the file as it is', async () => {
    const response = await get(BLOB, { 'Accept-Encoding': 'gzip, br, zstd' });
    expect(response.headers.get('content-encoding')).toBeNull();
    expect(await bytesOf(response)).toEqual(BYTES);
  });

  test('a target in absolute form', async () => {
    const answer = await exchange(
      served.port,
      `GET http://mirror.example/${LAYOUT.mom(10)} HTTP/1.1\r\nHost: mirror.example\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*\r\n\r\nmom of build 10$/s);
  });
});

describe('ETag', () => {
  test('comes from the name where that tells the content, and from the content elsewhere', async () => {
    const tag = async (name: string) => (await get(name)).headers.get('etag');
    expect(await tag(BLOB)).toBe(`"${sha256(BYTES)}-256"`);
    expect(await tag(LAYOUT.mom(10))).toBe(`"${sha256(Buffer.from('mom of build 10'))}"`);
    expect(await tag(LAYOUT.timestamp)).toBe(`"${sha256(timestampOf(10))}"`);
  });

  test('a large file of another kind has a strong tag, too', async () => {
    await writeTree(served.repository, { 'images/disk': Buffer.from('x') });
    await truncate(join(served.repository, 'images/disk'), 5 * 1024 * 1024);
    const first = (await get('images/disk', {}, 'HEAD')).headers.get('etag') ?? '';
    expect(first).toMatch(/^"[\d.-]+"$/);
    expect((await get('images/disk', { 'If-None-Match': first })).status).toBe(304);
    await truncate(join(served.repository, 'images/disk'), 6 * 1024 * 1024);
    expect((await get('images/disk', {}, 'HEAD')).headers.get('etag')).not.toBe(first);
  });

  test.each([
    ['the tag', (tag: string) => tag, 304],
    ['the tag made weak by a proxy', (tag: string) => `W/${tag}`, 304],
    ['the tag in a list', (tag: string) => `"x", ${tag}`, 304],
    ['anything', () => '*', 304],
    ['another tag', () => '"x"', 200],
  ])('If-None-Match with %s', async (_what, condition, status) => {
    for (const name of [BLOB, LAYOUT.timestamp]) {
      const tag = (await get(name)).headers.get('etag') ?? '';
      const response = await get(name, { 'If-None-Match': condition(tag) });
      expect([response.status, response.headers.get('etag')]).toEqual([status, tag]);
      expect((await bytesOf(response)).length > 0).toBe(status === 200);
    }
  });

  test('If-Match with another tag is refused', async () => {
    const response = await get(BLOB, { 'If-Match': '"x"' });
    expect([response.status, response.headers.get('cache-control')]).toEqual([412, 'no-store']);
  });

  test('a new timestamp is seen at once, though its time of change stays', async () => {
    await using own = await serveTree();
    const old = await fetch(`${own.url}/${LAYOUT.timestamp}`);
    await writeTree(own.repository, { 'metadata/.next': timestampOf(20) });
    await rename(join(own.repository, 'metadata/.next'), join(own.repository, LAYOUT.timestamp));
    const headers = {
      'If-None-Match': old.headers.get('etag') ?? '',
      'If-Modified-Since': new Date(Date.now() + 1e6).toUTCString(),
    };
    const response = await fetch(`${own.url}/${LAYOUT.timestamp}`, { headers });
    expect(response.status).toBe(200);
    expect(await bytesOf(response)).toEqual(timestampOf(20));
    delete (headers as Partial<typeof headers>)['If-None-Match'];
    expect((await fetch(`${own.url}/${LAYOUT.timestamp}`, { headers })).status).toBe(200);
  });
});

describe('Range', () => {
  test.each([
    ['the first bytes', 'bytes=0-9', 0, 10],
    ['one byte', 'bytes=0-0', 0, 1],
    ['the middle', 'bytes=100-199', 100, 200],
    ['the last bytes', 'bytes=-6', 250, 256],
    ['from an offset', 'bytes=200-', 200, 256],
    ['the last byte', 'bytes=255-', 255, 256],
    ['over the end', 'bytes=250-1000', 250, 256],
    ['two that touch', 'bytes=0-9,10-19', 0, 20],
  ])('%s: 206', async (_what, range, from, to) => {
    const response = await get(BLOB, { Range: range });
    expect(response.status).toBe(206);
    expect(response.headers.get('content-range')).toBe(`bytes ${from}-${to - 1}/256`);
    expect(response.headers.get('content-length')).toBe(String(to - from));
    expect(response.headers.get('etag')).toBe(`"${sha256(BYTES)}-256"`);
    expect(await bytesOf(response)).toEqual(BYTES.subarray(from, to));
  });

  test.each([
    ['several ranges', 'bytes=0-9,20-29'],
    ['more than all from the end', 'bytes=-1000'],
    ['another unit', 'lines=0-9'],
    ['no number', 'bytes=a-b'],
    ['nothing', 'bytes=-'],
  ])('%s: the whole file', async (_what, range) => {
    const response = await get(BLOB, { Range: range });
    expect([response.status, response.headers.get('content-range')]).toEqual([200, null]);
    expect(await bytesOf(response)).toEqual(BYTES);
  });

  test.each(['bytes=256-', 'bytes=1000-2000', 'bytes=-0'])('%s is beyond the end: 416', async (range) => {
    const response = await get(BLOB, { Range: range });
    expect(response.status).toBe(416);
    expect(response.headers.get('content-range')).toBe('bytes */256');
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('etag')).toBeNull();
  });

  test.each([
    ['the tag', `"${sha256(BYTES)}-256"`, 206],
    ['another tag', '"x"', 200],
    ['the tag made weak', `W/"${sha256(BYTES)}-256"`, 200],
    ['a date, which two versions may share', new Date(Date.now() + 1e6).toUTCString(), 200],
  ])('If-Range with %s', async (_what, condition, status) => {
    const response = await get(BLOB, { Range: 'bytes=100-', 'If-Range': condition });
    expect(response.status).toBe(status);
    expect(await bytesOf(response)).toEqual(status === 206 ? BYTES.subarray(100) : BYTES);
  });
});

describe('what is not there', () => {
  test.each(['', '/', '/1.root.json', '/.timestamp.json'])('metadata%s', async (rest) => {
    await writeFile(join(served.repository, 'metadata/.timestamp.json'), 'half');
    const response = await get(`metadata${rest}`);
    expect([response.status, response.headers.get('cache-control')]).toEqual(
      rest === '/1.root.json' ? [200, 'public, max-age=31536000, immutable'] : [404, 'public, max-age=60'],
    );
    await response.arrayBuffer();
  });

  test.each([
    '/../outside/secret',
    '/metadata/../../outside/secret',
    '/%2e%2e/outside/secret',
    '/%2e%2e%2foutside%2fsecret',
    '/..%2foutside/secret',
    '/..%5coutside%5csecret',
    '/metadata/%2e%2e/%2e%2e/outside/secret',
    '//outside/secret',
    '//../outside/secret',
    '/metadata//1.root.json',
    '/./metadata/1.root.json',
    '/metadata%2f1.root.json',
    '/metadata/1.root.json%00',
    '/metadata/1.root.json%00.txt',
    '/metadata/1.root.json/',
    '/%',
    '/%zz',
    '/HEALTHZ',
    '/healthz/',
    '/proc/self/environ',
    `/${'a'.repeat(300)}`,
  ])('GET %s, sent as it is: 404', async (target) => {
    await writeFile(join(served.outside, 'secret'), 'SECRET');
    const answer = await exchange(
      served.port,
      `GET ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 404 /);
    expect(answer).toMatch(/^Cache-Control: public, max-age=60\r$/m);
    expect(answer).not.toContain('SECRET');
  });

  test('links are followed inside, not to the outside or to something hidden', async () => {
    const { repository, outside } = served;
    await writeFile(join(outside, 'secret'), 'SECRET');
    await mkdir(join(repository, '.keys'), { recursive: true });
    await writeFile(join(repository, '.keys/root'), 'SECRET');
    await mkdir(join(repository, 'links'));
    const link = (target: string, name: string) => symlink(target, join(repository, 'links', name));
    await link(`../${LAYOUT.mom(10)}`, 'inside');
    await link(join(outside, 'secret'), 'absolute');
    await link('../../outside', 'folder');
    await link('../.keys/root', 'hidden');
    await link('loop', 'loop');
    await link('nowhere', 'dangling');
    expect(await (await get('links/inside')).text()).toBe('mom of build 10');
    for (const name of ['absolute', 'folder/secret', 'folder', 'hidden', 'loop', 'dangling']) {
      expect([name, (await get(`links/${name}`)).status]).toEqual([name, 404]);
    }
  });

  test('a named pipe is no file, and does not block', async () => {
    await promisify(execFile)('mkfifo', [join(served.repository, 'pipe')]);
    expect((await get('pipe')).status).toBe(404);
  });

  test('a repository that is gone may come back: 503, not cached', async () => {
    await using own = await serveTree();
    await rename(own.repository, `${own.repository}.away`);
    const response = await fetch(`${own.url}/${BLOB}`);
    expect([response.status, response.headers.get('cache-control')]).toEqual([503, 'no-store']);
    expect(await response.text()).not.toContain(own.repository);
    expect(await own.log.find({ status: 503 })).toMatchObject({ level: 'error', code: 'ENOENT' });
    await rename(`${own.repository}.away`, own.repository);
    expect((await fetch(`${own.url}/${BLOB}`)).status).toBe(200);
    await rm(join(own.repository, BLOB));
    expect((await fetch(`${own.url}/${BLOB}`)).status).toBe(404);
  });
});
