import { formatOffer, type Offer, type TargetInput } from '@swupd/manifests/trust';
import { findChannel, findOffer, notOffered, pagesOf, placeOffer } from './channel-pages.ts';
import type { MetadataChange } from './metadata-change.ts';
import { MetadataError } from './metadata-error.ts';
import { isPastHalf } from './role-life.ts';
import { type ChangeBase, changeTo, workingPolicy } from './working-policy.ts';

/** A build as a channel is to offer it. */
export type BuildOffer = Pick<Offer, 'version' | 'digest' | 'size'> &
  Partial<Pick<Offer, 'minFrom' | 'barrier' | 'urgent' | 'reason'>>;

const REASON_LENGTH = 200;

/**
 * Offers a build on a channel; pages of the channel whose life is half over are renewed with it.
 * @throws MetadataError `unknown-channel`, `already-offered`, `bad-offer`
 */
export function offerBuild(base: ChangeBase, channel: string, offer: BuildOffer): MetadataChange {
  checkOffer(offer);
  const { version, minFrom, barrier = false, urgent = false, reason } = offer;
  const target = formatOffer({ ...offer, minFrom, barrier, urgent, reason });
  return offerTarget(base, channel, [version, target]);
}

/** Offers on the channel `to` what `from` offers, with the same conditions. @throws MetadataError as `offerBuild`, and `not-offered` */
export function promoteBuild(
  base: ChangeBase,
  version: number,
  { from, to }: { readonly from: string; readonly to: string },
): MetadataChange {
  const policy = workingPolicy(base);
  findChannel(policy, from);
  const target = findOffer(policy, from, version);
  if (target === undefined) throw notOffered(policy, from, version);
  return offerTarget(base, to, [version, target]);
}

function offerTarget(base: ChangeBase, channel: string, offer: [number, TargetInput]): MetadataChange {
  const before = workingPolicy(base);
  findChannel(before, channel);
  const [version] = offer;
  if (findOffer(before, channel, version) !== undefined) {
    throw new MetadataError('already-offered', `build ${version} is offered on '${channel}' already`, {
      details: { version, channel },
      hint: `To offer it anew, withdraw it first: swupd-server channel withdraw ${version} --from ${channel}`,
    });
  }
  const policy = placeOffer(before, channel, offer);
  const ageing = pagesOf(policy, channel).filter((name) => {
    const page = base.state.roles.get(name);
    return page !== undefined && isPastHalf(name, page.expires, base.time);
  });
  return changeTo(policy, base, ageing);
}

function checkOffer({ version, minFrom, reason = '' }: BuildOffer): void {
  if (minFrom !== undefined && minFrom >= version) {
    throw new MetadataError('bad-offer', `build ${version} can't be reached from build ${minFrom} on only`, {
      details: { version, minFrom },
      hint: 'Pass a build below the new one with --min-from.',
    });
  }
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what would steer a terminal, or break canonical JSON
  if (reason.length > REASON_LENGTH || /[\u0000-\u001f\u007f-\u009f]/.test(reason)) {
    throw new MetadataError(
      'bad-offer',
      `the reason is longer than ${REASON_LENGTH} characters, or not one line`,
      {
        details: { length: reason.length },
        hint: 'Say it in one line, and put a link into it for the rest.',
      },
    );
  }
}
