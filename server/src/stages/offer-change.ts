import { withdrawBuild } from '../metadata/change-channels.ts';
import { findOffer } from '../metadata/channel-pages.ts';
import type { MetadataChange } from '../metadata/metadata-change.ts';
import { type BuildOffer, offerBuild } from '../metadata/offer-build.ts';
import { channelsOf } from '../metadata/policy.ts';
import type { RepositoryState } from '../metadata/repository-state.ts';
import { type ChangeBase, workingPolicy } from '../metadata/working-policy.ts';
import { preparedChange } from '../publication/prepared-metadata.ts';
import type { BuildContext } from './build-context.ts';
import type { MomFile } from './sign-release.ts';

/** How a build is to be offered. */
export type OfferRequest = Pick<BuildOffer, 'minFrom' | 'barrier' | 'urgent' | 'reason'> & {
  readonly channel: string;
};

/**
 * The build, offered beside the other builds that wait for their signatures.
 * @throws MetadataError where it can't be offered so; BuildError `bad-prepared`
 */
export function offerChange(
  mom: MomFile,
  { repository }: Pick<BuildContext, 'repository'>,
  {
    state,
    offer,
    time,
  }: { readonly state: RepositoryState; readonly offer: OfferRequest; readonly time: number },
): MetadataChange {
  const waiting = preparedChange(repository, state);
  // A change of keys goes its own way: builds don't wait for it.
  const prepared = waiting?.root === undefined && waiting?.targets === undefined ? waiting : undefined;
  const { channel, ...conditions } = offer;
  const { version, digest, size } = mom;
  const base = withoutOffers({ state, prepared, time }, version);
  return offerBuild(base, channel, { version, digest, size, ...conditions });
}

/** An attempt at the same build that died may have left its offer among what waits. */
function withoutOffers(base: ChangeBase, version: number): ChangeBase {
  const policy = workingPolicy(base);
  const channels = channelsOf(policy).filter(({ name }) => findOffer(policy, name, version) !== undefined);
  let prepared = base.prepared;
  for (const { name } of channels) prepared = withdrawBuild({ ...base, prepared }, name, version);
  return { ...base, prepared };
}
