import { channelDelegation } from './channel-delegation.ts';
import { dropOffer } from './channel-pages.ts';
import { groupOf } from './key-roles.ts';
import type { MetadataChange } from './metadata-change.ts';
import { MetadataError } from './metadata-error.ts';
import { channelsOf } from './policy.ts';
import { type ChangeBase, changeTo, workingPolicy } from './working-policy.ts';

/** One more channel, signed by the release keys. @throws MetadataError `bad-channel-name`, `channel-exists` */
export function addChannel(base: ChangeBase, name: string): MetadataChange {
  const policy = workingPolicy(base);
  if (channelsOf(policy).some((channel) => channel.name === name)) {
    throw new MetadataError('channel-exists', `there is a channel '${name}' already`, {
      details: { channel: name },
      hint: `'swupd-server channel list REPO' shows what it offers.`,
    });
  }
  const delegation = channelDelegation(name, groupOf(policy, 'release'));
  return changeTo({ ...policy, delegations: [...policy.delegations, delegation] }, base);
}

/** A channel that does not offer the build any more. @throws MetadataError `unknown-channel`, `not-offered` */
export function withdrawBuild(base: ChangeBase, channel: string, version: number): MetadataChange {
  return changeTo(dropOffer(workingPolicy(base), channel, version), base);
}
