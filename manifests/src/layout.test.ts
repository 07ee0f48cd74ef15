import { sha256 } from '@swupd/shared';
import { expect, test } from 'vitest';
import { LAYOUT } from './layout.ts';

const A = sha256(Buffer.from('a'));
const B = sha256(Buffer.from('b'));

test.each([
  [LAYOUT.root(1), 'metadata/1.root.json'],
  [LAYOUT.timestamp, 'metadata/timestamp.json'],
  [LAYOUT.mom(20), 'releases/20/mom'],
  [LAYOUT.metadata('3.stable.json'), 'metadata/3.stable.json'],
  [LAYOUT.momSignature(20, A), `releases/20/${A}.sig`],
  [LAYOUT.momTarget('stable', 20, A), `targets/stable/20/${A}.mom`],
  [LAYOUT.document(A), `documents/ca/${A}.zst`],
  [LAYOUT.blob(A), `blobs/ca/${A}`],
  [LAYOUT.pack(A), `packs/ca/${A}`],
  [LAYOUT.delta(A, B), `deltas/3e/${A}-${B}`],
])('%s', (name, expected) => {
  expect(name).toBe(expected);
});

test('the largest version is written in full', () => {
  expect(LAYOUT.mom(Number.MAX_SAFE_INTEGER)).toBe('releases/9007199254740991/mom');
});
