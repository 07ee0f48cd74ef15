import type { FileMeta } from '../metadata/file-meta.ts';
import { TrustError } from '../trust-error.ts';
import { limitOf, type TrustedSet } from '../trusted-set/trusted-set.ts';
import { metadataName } from './metadata-name.ts';
import type { TrustRequest, TrustRun } from './trust-run.ts';

/** Metadata that other metadata has announced, unverified (TUF 5.5.1, 5.6.1). @throws TrustError `metadata-missing` */
export function fetchAnnounced(set: TrustedSet, role: string, meta: FileMeta): TrustRun<Uint8Array> {
  const { version, length } = meta;
  const name = metadataName(set, role, version);
  const limit = Math.min(length ?? limitOf(role), limitOf(role));
  return fetchFile({ name, limit, role, version });
}

/** A file that has to be there, unverified. @throws TrustError `metadata-missing` */
export function* fetchFile(
  request: Omit<Extract<TrustRequest, { kind: 'fetch' }>, 'kind'>,
): TrustRun<Uint8Array> {
  const bytes = yield { kind: 'fetch', ...request };
  if (bytes !== undefined) return bytes;
  const { role, name } = request;
  throw new TrustError('metadata-missing', `the server does not have ${name}`, {
    details: { role, name },
    hint: 'Check the address of the repository. If it is right, the server is between two states: try again later.',
  });
}
