import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { parseEnvelope } from '@swupd/manifests/trust';
import { BuildError } from '../build-error.ts';
import type { MetadataChange } from '../metadata/metadata-change.ts';
import type { Policy } from '../metadata/policy.ts';
import { readPolicy } from '../metadata/read-policy.ts';
import type { RepositoryState } from '../metadata/repository-state.ts';
import { publishedPolicy, workingPolicy } from '../metadata/working-policy.ts';
import { type ChangePart, partsOfChange } from '../publication/parts-of-change.ts';
import { changeOf, type PreparedFile, readPreparedFolder } from '../publication/prepared-metadata.ts';
import { publishedCopy } from '../publication/published-copy.ts';
import { readMetadata } from '../repository/read-metadata.ts';
import { CeremonyError } from './ceremony-error.ts';

/** A folder with metadata that waits for signatures, as it is carried to whoever signs. */
export interface PreparedRelease {
  readonly files: readonly PreparedFile[];
  /** What is published; undefined for a repository that is founded. */
  readonly before: Policy | undefined;
  readonly after: Policy;
  /** The files that are newer than what is published, and who signs them. */
  readonly parts: readonly ChangePart[];
}

/**
 * Reads `folder`, without the repository: a copy of what is published lies in it, and is verified from its first root on.
 * `root` is a root that the reader knows from elsewhere; the copy has to have the same.
 * @throws CeremonyError `nothing-prepared`, `wrong-root`; BuildError `bad-prepared`; TrustError for a bad copy
 */
export function readPreparedRelease(folder: string, root?: Uint8Array): PreparedRelease {
  const found = findPreparedRelease(folder, root);
  if (found === undefined) throw nothingPrepared(folder);
  return found;
}

/** The same; undefined where nothing waits. */
export function findPreparedRelease(folder: string, root?: Uint8Array): PreparedRelease | undefined {
  const files = readPreparedFolder(folder);
  const copy = publishedCopy(folder);
  const state = existsSync(join(copy, LAYOUT.root(1))) ? readMetadata(copy) : undefined;
  if (root !== undefined) checkRoot(root, copy);
  const change = changeOf(files, state);
  if (change === undefined) return undefined;
  if (state === undefined && change.root === undefined) throw notWhole(folder);
  return { files, ...policies(files, state, change), parts: partsOfChange(change, state) };
}

export function nothingPrepared(folder: string): CeremonyError {
  return new CeremonyError('nothing-prepared', `nothing in ${folder} waits for signatures`, {
    details: { folder },
    hint: "Pass the folder REPO.prepared, whole. 'swupd-server release status REPO' shows what waits.",
  });
}

function notWhole(folder: string): BuildError {
  return new BuildError('bad-prepared', `${folder} has no copy of what is published`, {
    details: { folder },
    hint: 'Carry the whole folder REPO.prepared, with published in it.',
  });
}

function policies(
  files: readonly PreparedFile[],
  state: RepositoryState | undefined,
  change: MetadataChange,
): Pick<PreparedRelease, 'before' | 'after'> {
  if (state !== undefined) {
    return {
      before: publishedPolicy(state),
      after: workingPolicy({ state, prepared: change, time: state.set.now }),
    };
  }
  const fieldsOf = (role: string) => files.find((file) => file.role === role)?.envelope.signed ?? {};
  const { channels } = change;
  return {
    before: undefined,
    after: readPolicy({ root: fieldsOf('root'), targets: fieldsOf('targets'), channels }),
  };
}

/** What is published has to follow from the root that the signer has: otherwise "unchanged" could mean anything. */
function checkRoot(root: Uint8Array, copy: string): void {
  const version = Number(parseEnvelope(root)?.signed.version);
  const path = Number.isSafeInteger(version) ? join(copy, LAYOUT.root(version)) : undefined;
  if (path !== undefined && existsSync(path) && readFileSync(path).equals(root)) return;
  throw new CeremonyError('wrong-root', 'what is prepared belongs to another repository than your root', {
    details: { version },
    hint: 'Sign nothing of it before you know why: ask whoever has prepared it, over another way than it came.',
  });
}
