import { LAYOUT, type ObjectName } from '@swupd/manifests';
import { BuildError } from '../build-error.ts';
import type { MetadataChange } from '../metadata/metadata-change.ts';
import type { RepositoryState } from '../metadata/repository-state.ts';
import { publishedVersion } from '../metadata/working-policy.ts';
import { metadataObject } from '../repository/metadata-object.ts';
import { readMetadataWith } from '../repository/read-metadata.ts';
import { findObject } from '../repository/read-object.ts';
import { nextSnapshot, nextTimestamp } from './online-roles.ts';
import { type ChangePart, partsOfChange, rootAfter } from './parts-of-change.ts';
import type { MetadataFile } from './pending-publication.ts';
import type { PublicationOptions } from './publication-options.ts';
import { type MissingSignatures, type SignedPart, signPart } from './sign-part.ts';

export type PlannedPublication =
  | {
      readonly kind: 'complete';
      /** In the order of publication, the timestamp last. */
      readonly files: readonly MetadataFile[];
      /** What is published then. */
      readonly state: RepositoryState;
      /** The roles that have changed, without snapshot and timestamp. */
      readonly roles: readonly string[];
    }
  | {
      readonly kind: 'incomplete';
      readonly parts: readonly SignedPart[];
      readonly missing: readonly MissingSignatures[];
    };

/**
 * Signs a change with the keys at hand and, when each part has its threshold, a snapshot and a timestamp that name it. A change
 * of nothing renews the timestamp. Writes nothing.
 * @throws KeyError; BuildError `stale-change`
 */
export function planPublication(change: MetadataChange, options: PublicationOptions): PlannedPublication {
  const { state, ring, has } = options;
  const changed = partsOfChange(change, state);
  for (const part of changed) checkVersion(part, state);
  const parts = changed.map((part) => signPart(part, ring, has?.get(part.role) ?? []));
  const missing = parts.flatMap((part) => part.missing ?? []);
  if (missing.length > 0) return { kind: 'incomplete', parts, missing };
  const root = rootAfter(change, state);
  const snapshot = nextSnapshot(parts, root, options);
  const timestamp = nextTimestamp(snapshot, root, options);
  const listed = parts.filter(({ role }) => role !== 'root');
  const written = [...listed, ...snapshot.written, ...parts.filter(({ role }) => role === 'root')];
  const files = [
    ...written.map(({ role, version, bytes }) => ({ name: metadataObject(role, version), bytes })),
    { name: LAYOUT.timestamp, bytes: timestamp },
  ];
  // Nothing is published that a device would refuse.
  const after = readMetadataWith(reading(files, options.repository));
  return { kind: 'complete', files, state: after, roles: parts.map(({ role }) => role) };
}

/** Reads what would be published: the new files, and the old ones behind them. */
function reading(
  files: readonly MetadataFile[],
  repository: string,
): (name: ObjectName) => Uint8Array | undefined {
  const byName = new Map<ObjectName, Uint8Array>(files.map(({ name, bytes }) => [name, bytes]));
  return (name) => byName.get(name) ?? findObject(repository, name);
}

/** Whatever was signed elsewhere has to follow on what is published now. */
function checkVersion({ role, version }: ChangePart, state: RepositoryState | undefined): void {
  const published = state === undefined ? 0 : publishedVersion(state, role);
  if (version === published + 1) return;
  throw new BuildError(
    'stale-change',
    `version ${version} of ${role}.json was prepared, but version ${published} is published`,
    {
      details: { role, version, published },
      hint: 'Something else has been published meanwhile. Prepare the change anew, and have it signed again.',
    },
  );
}
