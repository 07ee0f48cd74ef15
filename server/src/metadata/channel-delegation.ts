import { channelPaths, type DelegationInput, isChannelName, type KeysInput } from '@swupd/manifests/trust';
import { MetadataError } from './metadata-error.ts';

/** The delegation of `targets` to the channel `name`. @throws MetadataError `bad-channel-name` */
export function channelDelegation(name: string, { keys, threshold }: KeysInput): DelegationInput {
  // Secret keys are called after roles, so nothing else should be.
  if (!isChannelName(name) || name === 'release') {
    throw new MetadataError('bad-channel-name', `'${name}' can't be the name of a channel`, {
      details: { channel: name },
      hint: 'Take up to 32 lower-case letters, digits and hyphens, a letter first; the names of roles are taken.',
    });
  }
  return { keys, threshold, name, paths: channelPaths(name), terminating: true };
}

/** The delegation of a channel's page to the page of older builds, which the same keys sign. */
export function pageDelegation({ keys, threshold, paths }: DelegationInput, page: string): DelegationInput {
  return { keys, threshold, name: page, paths, terminating: false };
}
