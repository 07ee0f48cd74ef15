import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Envelope, parseEnvelope, type Signature } from '@swupd/manifests/trust';
import { writeFileAtomic } from '@swupd/shared/io';
import { BuildError } from '../build-error.ts';
import type { MetadataChange } from '../metadata/metadata-change.ts';
import type { RepositoryState } from '../metadata/repository-state.ts';
import { publishedVersion } from '../metadata/working-policy.ts';
import { metadataObject } from '../repository/metadata-object.ts';
import { copyPublished, publishedCopy } from './published-copy.ts';

/** Metadata that waits for signatures. */
export interface PreparedFile {
  readonly path: string;
  readonly role: string;
  readonly envelope: Envelope;
}

const FILE = /^[1-9][0-9]{0,15}\.(.+)\.json$/;

/** Where metadata of `repository` waits for signatures; never published, and as a whole what is carried to whoever signs. */
export function preparedFolder(repository: string): string {
  return `${repository}.prepared`;
}

export function preparedPath(repository: string, role: string, version: number): string {
  return join(preparedFolder(repository), metadataObject(role, version));
}

/** Everything that waits for `repository`, sorted by file name. @throws BuildError `bad-prepared` */
export function readPrepared(repository: string): PreparedFile[] {
  return readPreparedFolder(preparedFolder(repository));
}

/** The same for a folder that may have been carried elsewhere. @throws BuildError `bad-prepared` */
export function readPreparedFolder(top: string): PreparedFile[] {
  const folder = join(top, 'metadata');
  const names = existsSync(folder) ? readdirSync(folder).sort() : [];
  return names.flatMap((name) => {
    const [, encoded] = FILE.exec(name) ?? [];
    if (encoded === undefined) return [];
    const path = join(folder, name);
    const envelope = parseEnvelope(readFileSync(path));
    if (envelope !== undefined) return [{ path, role: decodeURIComponent(encoded), envelope }];
    throw new BuildError('bad-prepared', `${path} is no metadata any more`, {
      details: { path },
      hint: 'Fetch the file again from whom you gave it to, or remove it and prepare the change anew.',
    });
  });
}

/**
 * The change that waits, as far as it still follows on what is published; undefined where nothing waits.
 * @throws BuildError `bad-prepared`
 */
export function preparedChange(repository: string, state: RepositoryState): MetadataChange | undefined {
  return changeOf(readPrepared(repository), state);
}

/** The same for files that are read already. `state` is undefined for a repository that is founded. */
export function changeOf(
  files: readonly PreparedFile[],
  state: RepositoryState | undefined,
): MetadataChange | undefined {
  const waiting = files.flatMap(({ role, envelope: { signed } }) => {
    const published = state === undefined ? 0 : publishedVersion(state, role);
    return signed.version === published + 1 ? [[role, signed] as const] : [];
  });
  const channels = new Map(waiting);
  const [root, targets] = [channels.get('root'), channels.get('targets')];
  channels.delete('root');
  channels.delete('targets');
  if (waiting.length === 0) return undefined;
  return {
    ...(root === undefined ? {} : { root }),
    ...(targets === undefined ? {} : { targets }),
    channels,
  };
}

/** The signatures of all that waits, by role; those of older versions of a file among them. @throws BuildError `bad-prepared` */
export function preparedSignatures(repository: string): Map<string, readonly Signature[]> {
  const found = new Map<string, readonly Signature[]>();
  for (const { role, envelope } of readPrepared(repository))
    found.set(role, [...(found.get(role) ?? []), ...envelope.signatures]);
  return found;
}

/**
 * Lets metadata wait, with a copy of what is published; each file takes the place of an earlier one of its role. `state` is
 * undefined for a repository that is founded.
 */
export function writePrepared(
  repository: string,
  parts: readonly { readonly role: string; readonly version: number; readonly bytes: Uint8Array }[],
  state: RepositoryState | undefined,
): void {
  const files = parts.map(({ role, version, bytes }) => ({
    path: preparedPath(repository, role, version),
    bytes,
  }));
  mkdirSync(join(preparedFolder(repository), 'metadata'), { recursive: true });
  if (state !== undefined) copyPublished(repository, state, publishedCopy(preparedFolder(repository)));
  for (const { path, bytes } of files) writeFileAtomic(path, bytes);
  const roles = parts.map(({ role }) => role);
  removePrepared(repository, roles, new Set(files.map(({ path }) => path)));
}

/** What waits for these roles has been published, or is given up; the files in `but` stay. */
export function removePrepared(
  repository: string,
  roles: readonly string[],
  but: ReadonlySet<string> = new Set(),
): void {
  for (const { path, role } of readPrepared(repository)) {
    if (roles.includes(role) && !but.has(path)) rmSync(path);
  }
  if (readPrepared(repository).length === 0) {
    rmSync(preparedFolder(repository), { recursive: true, force: true });
  }
}
