import { expect, test } from 'vitest';
import { openSet } from '../trusted-set/test-set.ts';
import { metadataName, rootName } from './metadata-name.ts';

test('names carry their version where the root says so', () => {
  const set = openSet();
  expect(metadataName(set, 'snapshot', 3)).toBe('3.snapshot.json');
  const plain = { ...set, root: { ...set.root, consistentSnapshot: false } };
  expect(metadataName(plain, 'snapshot', 3)).toBe('snapshot.json');
  expect(rootName(2)).toBe('2.root.json');
});
