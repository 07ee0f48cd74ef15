import type { TrustRequest, TrustRun } from '@swupd/manifests/trust';
import { expect, test } from 'vitest';
import { codeOf } from '../test-support.ts';
import { driveTrustAsync } from './drive-trust.ts';

function* twoRoles(): TrustRun<string> {
  const kept = yield { kind: 'load', role: 'timestamp' };
  const fetched = yield { kind: 'fetch', name: '2.root.json', limit: 10, role: 'root', version: 2 };
  if (fetched !== undefined) yield { kind: 'save', role: 'root', bytes: fetched };
  return `${kept} ${fetched}`;
}

test('each request gets its answer, late or at once', async () => {
  const requests: TrustRequest[] = [];
  const result = await driveTrustAsync(twoRoles(), (request) => {
    requests.push(request);
    return request.kind === 'fetch' ? Promise.resolve(Buffer.from('new')) : undefined;
  });
  expect(result).toBe('undefined new');
  expect(requests.map(({ kind, role }) => `${kind} ${role}`)).toEqual([
    'load timestamp',
    'fetch root',
    'save root',
  ]);
});

test('a failure ends it', async () => {
  const answer = (request: TrustRequest): undefined => {
    if (request.kind === 'fetch') throw Object.assign(new Error('no'), { code: 'no-network' });
  };
  expect(await codeOf(() => driveTrustAsync(twoRoles(), answer))).toBe('no-network');
});
