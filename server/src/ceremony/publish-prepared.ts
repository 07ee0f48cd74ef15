import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import type { MetadataChange } from '../metadata/metadata-change.ts';
import type { RepositoryState } from '../metadata/repository-state.ts';
import { changeTo, publishedVersion, rolesOf, workingPolicy } from '../metadata/working-policy.ts';
import { channelOf } from '../publication/offer-moms.ts';
import { partsOfChange } from '../publication/parts-of-change.ts';
import {
  preparedChange,
  preparedSignatures,
  readPrepared,
  removePrepared,
} from '../publication/prepared-metadata.ts';
import { type MissingSignatures, signPart } from '../publication/sign-part.ts';
import { type ChangeOptions, type ChangeOutcome, changeRepository } from './change-repository.ts';
import { foundPrepared } from './found-prepared.ts';
import { nothingPrepared } from './prepared-release.ts';
import { signaturesMissing } from './signatures-missing.ts';

/**
 * Publishes what waits and has its signatures; keys at hand sign along. Root and targets name keys of the rest, so with them it is all or
 * nothing; without them, each channel goes by itself.
 * @throws CeremonyError `nothing-prepared`, `signatures-missing`; what `changeRepository` throws
 */
export function publishPrepared(options: ChangeOptions): ChangeOutcome {
  const { repository } = options;
  if (!existsSync(join(repository, LAYOUT.root(1)))) return foundPrepared(options);
  const outcome = changeRepository(options, (base) => {
    const { state, prepared } = base;
    if (prepared === undefined) throw nothingPrepared(`${repository}.prepared`);
    // What was published since then may have to be signed by the keys that come: it is added to what waits.
    const wanted = changeTo(workingPolicy(base), base);
    const missing = missingSignatures(wanted, state, options);
    const ready = readyPart(wanted, missing);
    return rolesOf(ready).length === 0 ? wanted : ready;
  });
  const { publication } = outcome;
  if (publication.kind === 'prepared') throw signaturesMissing(publication.missing, repository);
  removeStale(repository, publication.state);
  return outcome;
}

/** What was carried back with the rest, and has been published before. */
function removeStale(repository: string, state: RepositoryState): void {
  const stale = readPrepared(repository)
    .filter(({ role, envelope }) => Number(envelope.signed.version) <= publishedVersion(state, role))
    .map(({ role }) => role);
  const waiting = rolesOf(preparedChange(repository, state));
  removePrepared(
    repository,
    stale.filter((role) => !waiting.includes(role)),
  );
}

function missingSignatures(
  change: MetadataChange,
  state: RepositoryState,
  { repository, openRing }: ChangeOptions,
): MissingSignatures[] {
  const ring = openRing();
  const waiting = preparedSignatures(repository);
  return partsOfChange(change, state).flatMap((part) => {
    return signPart(part, ring, waiting.get(part.role) ?? []).missing ?? [];
  });
}

function readyPart(change: MetadataChange, missing: readonly MissingSignatures[]): MetadataChange {
  if (missing.length === 0) return change;
  if (change.root !== undefined || change.targets !== undefined) return { channels: new Map() };
  const incomplete = new Set(missing.map(({ role }) => channelOf(role)));
  const ready = [...change.channels].filter(([role]) => !incomplete.has(channelOf(role)));
  return { channels: new Map(ready) };
}
