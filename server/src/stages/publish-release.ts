import { LAYOUT } from '@swupd/manifests';
import type { Digest } from '@swupd/shared';
import { KeyError } from '../keys/key-error.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { RepositoryState } from '../metadata/repository-state.ts';
import { partsOfChange } from '../publication/parts-of-change.ts';
import { planPublication } from '../publication/plan-publication.ts';
import { preparedSignatures } from '../publication/prepared-metadata.ts';
import { carryOut, type Publication } from '../publication/publish-change.ts';
import type { BuildContext } from './build-context.ts';
import { type OfferRequest, offerChange } from './offer-change.ts';
import type { MomFile } from './sign-release.ts';

export interface ReleaseOptions {
  readonly state: RepositoryState;
  /** Undefined for a build that is not offered yet. */
  readonly offer: OfferRequest | undefined;
  /** Seconds since 1970. */
  readonly time: number;
  /** For how long devices may trust the timestamp, seconds. */
  readonly life: number;
}

/**
 * Shows a complete release: its objects get their names in the repository, all is synced, the MoM follows, and the metadata that
 * offer it, the timestamp as the last rename. Devices see the old release or the new one. Where the release keys are elsewhere,
 * the metadata wait for them instead; undefined where nothing is offered.
 * @throws KeyError; MetadataError where the build can't be offered so
 */
export function publishRelease(
  mom: MomFile,
  context: BuildContext,
  { state, offer, time, life }: ReleaseOptions,
): Publication | undefined {
  const { repository, writer, ring } = context;
  if (offer === undefined) {
    writer.publish(undefined);
    return undefined;
  }
  const change = offerChange(mom, context, { state, offer, time });
  const has = preparedSignatures(repository);
  const plan = planPublication(change, { repository, state, ring, time, life, has });
  if (plan.kind === 'incomplete') {
    const prepared = carryOut(plan, { repository, state });
    writer.publish(undefined);
    return prepared;
  }
  writer.add(LAYOUT.momTarget(offer.channel, mom.version, mom.digest), mom.bytes);
  writer.publish((journal) => {
    carryOut(plan, { repository, state }, journal);
  });
  return { kind: 'published', state: plan.state };
}

/**
 * Says before a build begins what would go wrong at its end: a channel that is not there, conditions that contradict each other,
 * release keys without the keys that have to follow them.
 * @throws KeyError `keys-missing`; MetadataError
 */
export function checkRelease(
  version: number,
  context: Pick<BuildContext, 'repository' | 'ring'>,
  { state, offer, time }: Pick<ReleaseOptions, 'state' | 'offer' | 'time'>,
): void {
  if (offer === undefined) return;
  const { ring } = context;
  const mom = { bytes: Buffer.alloc(0), version, digest: '0'.repeat(64) as Digest, size: 1 };
  const parts = partsOfChange(offerChange(mom, context, { state, offer, time }), state);
  const canSign = parts.every(({ role, signers }) =>
    signers.every((keys) => ring.count(role, keys) >= keys.threshold),
  );
  if (canSign) for (const role of ['snapshot', 'timestamp'] as const) requireKeys(role, ring, state);
}

function requireKeys(role: 'snapshot' | 'timestamp', ring: KeyRing, { set }: RepositoryState): void {
  const keys = set.root.roles[role];
  const count = ring.count(role, keys);
  if (count >= keys.threshold) return;
  throw new KeyError(
    'keys-missing',
    `${count} of ${keys.threshold} ${role} keys of this repository are at hand`,
    {
      details: { role, threshold: keys.threshold, signed: count },
      hint: `Pass the folder with ${role}.key with --keys, or --signer ${role}=COMMAND; --no-offer builds without them.`,
    },
  );
}
