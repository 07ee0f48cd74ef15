import { expect, test } from 'vitest';
import { answerObject, answerStatus, openTestSource, startServer } from '../repository/test-server.ts';
import { codeOf } from '../test-support.ts';
import { fetchMetadata } from './fetch-metadata.ts';

const BYTES = Buffer.from('metadata');
const request = (role: string, name: string, limit = 100) =>
  ({ kind: 'fetch', name, limit, role, version: 2 }) as const;

test.each(['2.root.json', '1.%2Fx.json', '3...%2Fx.json', '..%2Fx.json', '1.x~y.json', 'timestamp.json'])(
  '%s is asked for by just this name',
  async (name) => {
    await using server = await startServer((response, asked) => answerObject(response, asked, BYTES));
    await using source = openTestSource(server.url);
    expect(await fetchMetadata(source, request('x', name), {})).toEqual(BYTES);
    expect(server.requests.map(({ path }) => path)).toEqual([`/repo/metadata/${name}`]);
  },
);

test.each([
  [404, 'root', undefined],
  [410, 'root', undefined],
  [403, 'root', undefined],
  [404, 'timestamp', undefined],
  [403, 'timestamp', 'access-refused'],
  [401, 'root', 'access-refused'],
  [407, 'root', 'access-refused'],
  [503, 'root', 'server-error'],
])('status %i for %s: absent, or an error', async (status, role, code) => {
  await using server = await startServer((response) => answerStatus(response, status));
  await using source = openTestSource(server.url, { maxRetries: 0 });
  const fetched = () => fetchMetadata(source, request(role, '2.root.json'), {});
  if (code === undefined) expect(await fetched()).toBeUndefined();
  else expect(await codeOf(fetched)).toBe(code);
});

test('more than the limit is not read', async () => {
  await using server = await startServer((response, asked) => answerObject(response, asked, BYTES));
  await using source = openTestSource(server.url, { maxRetries: 0 });
  expect(await codeOf(() => fetchMetadata(source, request('root', '2.root.json', 7), {}))).toBe(
    'body-too-long',
  );
});
