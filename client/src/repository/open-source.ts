import { fileSource } from './file-source.ts';
import { httpSource } from './http-source.ts';
import type { Repository, RepositoryOptions } from './repository.ts';
import { parseRepositoryUrl } from './repository-url.ts';

/**
 * The repository at `url`: `https:`, `http:` (this machine, or where allowed), `file:`, or the absolute path of a folder.
 * Nothing is loaded or sent before the first `fetch`; an unusable `caFile`
 * shows there (`bad-ca-file`). Close it, or the process stays alive for a while.
 * @throws RepositoryError `bad-url`, `insecure-url`
 */
export function openSource(url: string, options: RepositoryOptions): Repository {
  const base = parseRepositoryUrl(url, options);
  return base.protocol === 'file:' ? fileSource(base, options) : httpSource(base, options);
}
