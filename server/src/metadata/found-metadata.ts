import { BUILD_ROLE, type KeysInput, type RoleName } from '@swupd/manifests/trust';
import { changePolicy } from './change-policy.ts';
import { channelDelegation } from './channel-delegation.ts';
import type { MetadataChange } from './metadata-change.ts';

export interface FoundingInput {
  /** Never changes: a device of another product refuses the repository. */
  readonly product: string;
  /** The top-level `targets` has the keys of root. */
  readonly keys: Readonly<Record<Exclude<RoleName, 'targets'> | 'build' | 'release', KeysInput>>;
  readonly channels: readonly string[];
  /** Seconds since 1970. */
  readonly time: number;
}

/**
 * Version 1 of root and targets. Whoever has all release keys can't name another build key, for that takes the keys of root.
 * @throws MetadataError `bad-channel-name`, `key-in-use`
 */
export function foundMetadata({ product, keys, channels, time }: FoundingInput): MetadataChange {
  const { root, snapshot, timestamp, build, release } = keys;
  const policy = {
    product,
    roles: { root, timestamp, snapshot, targets: root },
    delegations: [
      { ...build, name: BUILD_ROLE, paths: [], terminating: false },
      ...channels.map((name) => channelDelegation(name, release)),
    ],
    pages: new Map(),
  };
  return changePolicy(policy, { published: undefined, versionOf: () => 0, time });
}
