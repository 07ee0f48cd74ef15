import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Envelope, fileNameOf, parseEnvelope, type Signature } from '@swupd/manifests/trust';
import { writeFileAtomic } from '@swupd/shared/io';
import { BuildError } from '../build-error.ts';
import type { MetadataChange } from '../metadata/metadata-change.ts';
import type { RepositoryState } from '../metadata/repository-state.ts';
import { publishedVersion } from '../metadata/working-policy.ts';

/** Metadata that waits for signatures. */
export interface PreparedFile {
  readonly path: string;
  readonly role: string;
  readonly envelope: Envelope;
}

const FILE = /^[1-9][0-9]{0,15}\.(.+)\.json$/;

/** Where metadata of `repository` waits for signatures; never published. */
export function preparedFolder(repository: string): string {
  return `${repository}.prepared/metadata`;
}

export function preparedPath(repository: string, role: string, version: number): string {
  return join(preparedFolder(repository), `${version}.${fileNameOf(role)}`);
}

/** Everything that waits, sorted by file name. @throws BuildError `bad-prepared` */
export function readPrepared(repository: string): PreparedFile[] {
  const folder = preparedFolder(repository);
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
  const waiting = readPrepared(repository).flatMap(({ role, envelope: { signed } }) =>
    signed.version === publishedVersion(state, role) + 1 ? [[role, signed] as const] : [],
  );
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

/** The signatures of all that waits, by role. @throws BuildError `bad-prepared` */
export function preparedSignatures(repository: string): Map<string, readonly Signature[]> {
  return new Map(readPrepared(repository).map(({ role, envelope }) => [role, envelope.signatures]));
}

/** Lets metadata wait; each file takes the place of an earlier one of its role. */
export function writePrepared(
  repository: string,
  parts: readonly { readonly role: string; readonly version: number; readonly bytes: Uint8Array }[],
): void {
  mkdirSync(preparedFolder(repository), { recursive: true });
  for (const { role, version, bytes } of parts)
    writeFileAtomic(preparedPath(repository, role, version), bytes);
  const written = new Set(parts.map(({ role, version }) => preparedPath(repository, role, version)));
  removePrepared(
    repository,
    parts.map(({ role }) => role),
    written,
  );
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
}
