import { RepositoryError } from './repository-error.ts';

export interface UrlPolicy {
  readonly allowInsecureHttp?: boolean;
}

/**
 * The URL of a repository as a user writes it: `https:`, `http:`, `file:`, or the absolute path of a folder.
 * @throws RepositoryError `bad-url`, `insecure-url`
 */
export function parseRepositoryUrl(text: string, policy: UrlPolicy): URL {
  const url = text.startsWith('/') ? folderUrl(text) : URL.parse(text);
  if (url === null || !['https:', 'http:', 'file:'].includes(url.protocol)) {
    throw new RepositoryError('bad-url', `'${text}' is not the URL of a repository.`, {
      details: { url: text },
      hint: 'Give an https: or file: URL, or the absolute path of a folder.',
    });
  }
  if (url.protocol === 'file:' && url.host !== '') {
    throw new RepositoryError('bad-url', `'${text}' names a host; a file: URL is for this machine only.`, {
      details: { url: text },
      hint: 'Write file:/// and the absolute path.',
    });
  }
  if (isInsecure(url, policy)) {
    throw new RepositoryError(
      'insecure-url',
      `${describeUrl(url)} is a plain http: URL of another machine.`,
      {
        details: { url: describeUrl(url) },
        hint: 'Use https:, or allow it with --allow-insecure-http.',
      },
    );
  }
  url.hash = '';
  return url;
}

/** Where `name` is below `base`; a query of the base (an access token) goes along. */
export function objectUrl(base: URL, name: string): URL {
  const url = new URL(base);
  url.pathname = `${base.pathname.replace(/\/+$/, '')}/${name}`;
  return url;
}

/**
 * Where a redirect leads to; `location` is the server's text.
 * @throws RepositoryError `redirect-refused` where that is less safe than `from`, or no web address. From elsewhere to this
 * machine is refused too: what listens here expects no requests that a foreign server thinks up.
 */
export function redirectTarget(from: URL, location: string, policy: UrlPolicy): URL {
  const target = URL.parse(location, from.href);
  const safe =
    target !== null &&
    (!isLoopback(target.hostname) || isLoopback(from.hostname)) &&
    (target.protocol === 'https:' ||
      (target.protocol === 'http:' && from.protocol === 'http:' && !isInsecure(target, policy)));
  if (safe) return target;
  throw new RepositoryError(
    'redirect-refused',
    `${describeUrl(from)} redirects to a place that is less safe: ${target === null ? 'no URL' : describeUrl(target)}.`,
    { details: { url: describeUrl(from), location }, hint: 'Check the URL of the repository.' },
  );
}

/** For messages: without user, password and query, which may be secrets. */
export function describeUrl(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

function isInsecure(url: URL, { allowInsecureHttp = false }: UrlPolicy): boolean {
  return url.protocol === 'http:' && !allowInsecureHttp && !isLoopback(url.hostname);
}

/** URLs carry IPv4 addresses in normal form, so `127.1` and `0x7f000001` are covered. */
function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host);
}

function folderUrl(path: string): URL {
  const url = new URL('file:///');
  // The setter leaves `%` alone, and takes `?` and `#` as part of the path.
  url.pathname = path.replaceAll('%', '%25');
  return url;
}
