import { LAYOUT } from '@swupd/manifests';
import { type Digest, sha256 } from '@swupd/shared';
import { describe, expect, test } from 'vitest';
import { parseObjectPath } from './parse-object-path.ts';

const A: Digest = sha256(Buffer.from('a'));

describe('parseObjectPath', () => {
  const published = [
    LAYOUT.root(1),
    LAYOUT.timestamp,
    LAYOUT.metadata('3.stable.1.json'),
    LAYOUT.mom(10),
    LAYOUT.momSignature(10, A),
    LAYOUT.momTarget('stable', 10, A),
    LAYOUT.document(A),
    LAYOUT.blob(A),
    LAYOUT.delta(A, A),
    LAYOUT.pack(A),
  ];
  test.each(published)('%s is published', (name) => {
    expect(parseObjectPath(`/${name}`)).toBe(name);
  });

  test('decodes what needs no encoding', () => {
    expect(parseObjectPath('/metadata/1%2Eroot.json')).toBe('metadata/1.root.json');
  });

  const refused = [
    '',
    '/',
    '//',
    'metadata',
    '/metadata/',
    '//metadata',
    '/metadata//1.root.json',
    '/.',
    '/..',
    '/../x',
    '/metadata/../../x',
    '/%2e%2e/x',
    '/%2e%2e%2fx',
    '/metadata%2f1.root.json',
    '/metadata%5c1.root.json',
    '/metadata\\1.root.json',
    '/.hidden',
    '/metadata/.1.root.json.tmp',
    '/%2ehidden',
    '/a%00',
    '/a%00/../b',
    '/a%',
    '/a%zz',
    '/%ff',
    '/%c3%a9',
    '/a b',
    '/a\n',
    '/a%0d%0a',
    '/a%252e',
  ];
  test.each(refused)('refuses %j', (path) => {
    expect(parseObjectPath(path)).toBeUndefined();
  });
});
