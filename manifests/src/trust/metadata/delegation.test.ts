import { sha256 } from '@swupd/shared';
import { expect, test } from 'vitest';
import { covers, type Delegation } from './delegation.ts';

const DELEGATION: Delegation = {
  name: 'x',
  role: { keys: new Map(), threshold: 1 },
  paths: undefined,
  pathHashPrefixes: undefined,
  terminating: false,
};
const digest = sha256(Buffer.from('ä/b', 'utf8'));

test.each([
  [{ paths: ['x/*', 'ä/*'] }, true],
  [{ paths: ['x/*'] }, false],
  [{ paths: [] }, false],
  [{ pathHashPrefixes: ['zz', digest.slice(0, 3)] }, true],
  [{ pathHashPrefixes: [''] }, true],
  [{ pathHashPrefixes: [digest.slice(1, 4)] }, digest.startsWith(digest.slice(1, 4))],
  [{ pathHashPrefixes: [digest.slice(-3)] }, digest.startsWith(digest.slice(-3))],
  [{ pathHashPrefixes: [] }, false],
])('%j: %j', (fields, expected) => {
  expect(covers({ ...DELEGATION, ...fields }, 'ä/b')).toBe(expected);
});
