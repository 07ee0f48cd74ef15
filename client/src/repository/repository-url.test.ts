import { expect, test } from 'vitest';
import { describeUrl, objectUrl, parseRepositoryUrl, redirectTarget } from './repository-url.ts';

test.each([
  ['https://example.org/repo/', 'https://example.org/repo/'],
  ['http://localhost:80/r', 'http://localhost/r'],
  ['http://127.1/r', 'http://127.0.0.1/r'],
  ['http://[::1]:8/r', 'http://[::1]:8/r'],
  ['file:///srv/repo', 'file:///srv/repo'],
  ['/srv/a b#c?d%20', 'file:///srv/a%20b%23c%3Fd%2520'],
])('%s', (text, href) => {
  expect(parseRepositoryUrl(text, {}).href).toBe(href);
});

test.each([
  ['bad-url', 'repo'],
  ['bad-url', ''],
  ['bad-url', 'ftp://example.org/'],
  ['bad-url', 'file://server/share'],
  ['insecure-url', 'http://example.org/'],
  ['insecure-url', 'http://127.0.0.1.example.org/'],
  ['insecure-url', 'http://localhost.example.org/'],
])('%s: %s', (code, text) => {
  expect(() => parseRepositoryUrl(text, {})).toThrow(expect.objectContaining({ code, exit: 15 }));
});

test('plain http where it is allowed', () => {
  expect(parseRepositoryUrl('http://example.org/', { allowInsecureHttp: true }).host).toBe('example.org');
});

test.each([
  ['https://h/repo', 'https://h/repo/a/b'],
  ['https://h/repo//', 'https://h/repo/a/b'],
  ['https://h', 'https://h/a/b'],
  ['https://u:p@h/r?token=1', 'https://u:p@h/r/a/b?token=1'],
])('object below %s', (base, href) => {
  expect(objectUrl(new URL(base), 'a/b').href).toBe(href);
});

test.each([
  ['https://h/a', '/b', 'https://h/b'],
  ['https://h/a', 'https://cdn/b', 'https://cdn/b'],
  ['http://localhost/a', 'https://cdn/b', 'https://cdn/b'],
  ['https://user:secret@h/a?token=secret', 'https://cdn/b', 'https://cdn/b'],
  ['https://user:secret@h/a?token=secret', '//cdn/b', 'https://cdn/b'],
  ['http://localhost/a', 'http://127.0.0.1/b', 'http://127.0.0.1/b'],
])('redirect from %s to %s', (from, location, href) => {
  expect(redirectTarget(new URL(from), location, {}).href).toBe(href);
});

test.each([
  ['https://h/a', 'http://h/a', true],
  ['https://h/a', 'http://localhost/a', true],
  ['https://h/a', 'https://localhost/a', true],
  ['https://h/a', 'https://127.1/a', true],
  ['http://h/a', 'http://[::1]:631/a', true],
  ['https://h/a', 'file:///etc/passwd', true],
  ['http://localhost/a', 'http://example.org/', false],
  ['http://localhost/a', 'data:,x', true],
  ['http://localhost/a', 'http://', true],
])('no redirect from %s to %s', (from, location, allowInsecureHttp) => {
  expect(() => redirectTarget(new URL(from), location, { allowInsecureHttp })).toThrow(
    expect.objectContaining({ code: 'redirect-refused' }),
  );
});

test('messages carry no secrets', () => {
  expect(describeUrl(new URL('https://user:secret@h:8/r?token=secret#secret'))).toBe('https://h:8/r');
});
