import { LAYOUT } from '@swupd/manifests';
import { buildKeys } from '@swupd/manifests/trust';
import { sha256 } from '@swupd/shared';
import { findOffer } from '../metadata/channel-pages.ts';
import type { MetadataChange } from '../metadata/metadata-change.ts';
import { offerBuild, promoteBuild } from '../metadata/offer-build.ts';
import { channelsOf } from '../metadata/policy.ts';
import { type ChangeBase, workingPolicy } from '../metadata/working-policy.ts';
import { listBuilds, readBuild } from '../repository/read-builds.ts';
import { readObject } from '../repository/read-object.ts';
import { CeremonyError } from './ceremony-error.ts';
import { type ChangeOptions, type ChangeOutcome, changeRepository } from './change-repository.ts';

export interface Promotion {
  readonly version: number;
  readonly to: string;
  /** Undefined: the one channel that offers it, or none. */
  readonly from: string | undefined;
}

/**
 * Offers a build of the repository on a channel, with what another channel says of it.
 * @throws CeremonyError `not-built`; MetadataError as `promoteBuild`, and what `changeRepository` throws
 */
export function promoteTo(options: ChangeOptions, promotion: Promotion): ChangeOutcome {
  return changeRepository(options, (base) => {
    const { version, to } = promotion;
    checkBuilt(options.repository, base, version);
    const from = promotion.from ?? offeringChannel(base, promotion);
    return from === undefined
      ? offerAsBuilt(options.repository, base, promotion)
      : promoteBuild(base, version, { from, to });
  });
}

/** A device would refuse a MoM that no build key has signed: better it is not offered. */
function checkBuilt(repository: string, { state }: ChangeBase, version: number): void {
  const builds = listBuilds(repository);
  if (builds.includes(version) && readBuild(repository, buildKeys(state.set), version) !== undefined) return;
  throw new CeremonyError(
    'not-built',
    builds.includes(version)
      ? `build ${version} is not signed by a build key of today`
      : `there is no build ${version}`,
    {
      details: { version, builds: builds.slice(0, 10) },
      hint: `The newest builds: ${builds.slice(0, 5).join(', ') || 'none'}. Build anew what an earlier key has signed.`,
    },
  );
}

/** @throws CeremonyError `which-channel` where several say different things of the build */
function offeringChannel(base: ChangeBase, { version, to }: Promotion): string | undefined {
  const policy = workingPolicy(base);
  const offering = channelsOf(policy).flatMap(({ name }) => {
    const target = name === to ? undefined : findOffer(policy, name, version);
    return target === undefined ? [] : [{ name, says: JSON.stringify(target) }];
  });
  if (new Set(offering.map(({ says }) => says)).size <= 1) return offering[0]?.name;
  const names = offering.map(({ name }) => name);
  throw new CeremonyError('which-channel', `${names.join(' and ')} offer build ${version} differently`, {
    details: { version, channels: names },
    hint: 'Name the channel that is right with --from.',
  });
}

function offerAsBuilt(repository: string, base: ChangeBase, { version, to }: Promotion): MetadataChange {
  const mom = readObject(repository, LAYOUT.mom(version));
  return offerBuild(base, to, { version, digest: sha256(mom), size: mom.length });
}
