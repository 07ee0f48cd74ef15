import { formatTime, type Json } from '@swupd/manifests/trust';
import {
  newMeta,
  newRoot,
  newTargets,
  type SimDelegation,
  type SimMetadata,
  type SimRole,
  type SimTargets,
} from './sim-metadata.ts';
import { newSigner, type SimScheme, type SimSigner } from './sim-signer.ts';

export const DAY = 24 * 60 * 60;

export const TOP_ROLES = ['root', 'timestamp', 'snapshot', 'targets'] as const;
type TopRole = (typeof TOP_ROLES)[number];

export interface SimulatorOptions {
  /** Of the keys that the simulator makes by itself. */
  readonly scheme: SimScheme;
  /** Seconds since 1970; everything expires 30 days later. */
  readonly now: number;
}

/** The metadata of a repository before they are signed, and the keys to do so: a case changes them as it likes. */
export class EditableRepository {
  readonly root;
  readonly timestamp;
  readonly snapshot;
  readonly targets;
  readonly delegated = new Map<string, SimTargets>();
  /** Secret keys held for each role, by key id. */
  readonly signers = new Map<string, Map<string, SimSigner>>();
  readonly #options: SimulatorOptions;

  constructor(options: SimulatorOptions) {
    this.#options = options;
    const expires = this.#expires();
    this.root = newRoot(expires);
    this.timestamp = newMeta('timestamp', expires);
    this.snapshot = newMeta('snapshot', expires);
    this.targets = newTargets(expires);
    for (const role of TOP_ROLES) this.addKey(role);
  }

  /** Of a key pair such as the simulator makes them. */
  newSigner(fields: { readonly [field: string]: Json } = {}): SimSigner {
    return newSigner(this.#options.scheme, fields);
  }

  /** `days` from the start, as metadata write it. */
  day(days: number): string {
    return formatTime(this.#options.now + days * DAY);
  }

  /** The keys and the threshold of `role` as its delegator (root for the four roles) lists them. */
  role(role: string, delegator = 'root'): SimRole {
    if (isTopRole(role)) return this.root.roles[role];
    const found = this.targetsOf(delegator).delegations?.roles.find(({ name }) => name === role);
    if (found === undefined) throw new Error(`${delegator} delegates nothing to ${role}`);
    return found;
  }

  /** Lists a key for `role`, and keeps its secret unless told otherwise. */
  addKey(role: string, signer = this.newSigner(), { delegator = 'root', keep = true } = {}): SimSigner {
    this.role(role, delegator).keyids.push(signer.keyid);
    const keys = isTopRole(role) ? this.root.keys : this.targetsOf(delegator).delegations?.keys;
    Object.assign(keys ?? {}, { [signer.keyid]: signer.key });
    if (keep) this.keepSigner(role, signer);
    return signer;
  }

  /** From now on `role` is signed by this key as well, whoever lists it. */
  keepSigner(role: string, signer: SimSigner): void {
    this.signersOf(role).set(signer.keyid, signer);
  }

  signersOf(role: string): Map<string, SimSigner> {
    return getOrAdd(this.signers, role, () => new Map());
  }

  /** `count` new keys in place of all that `role` had; the threshold follows. */
  rotateKeys(role: string, count = 1): void {
    this.dropKeys(role);
    for (let index = 0; index < count; index++) this.addKey(role);
    this.role(role).threshold = count;
  }

  dropKeys(role: string): void {
    this.role(role).keyids = [];
    this.signersOf(role).clear();
  }

  targetsOf(role: string): SimTargets {
    const found = role === 'targets' ? this.targets : this.delegated.get(role);
    if (found === undefined) throw new Error(`there is no role ${role}`);
    return found;
  }

  metadataOf(role: string): SimMetadata {
    return role === 'root' || role === 'timestamp' || role === 'snapshot' ? this[role] : this.targetsOf(role);
  }

  /** A delegation with a new key of its own; the role is made where there is none of that name. */
  addDelegation(delegator: string, delegation: Partial<SimDelegation> & { readonly name: string }): void {
    const { name } = delegation;
    const parent = this.targetsOf(delegator);
    parent.delegations ??= { keys: {}, roles: [] };
    const hasPaths = delegation.paths !== undefined || delegation.path_hash_prefixes !== undefined;
    parent.delegations.roles.push({
      keyids: [],
      threshold: 1,
      terminating: false,
      ...(hasPaths ? {} : { paths: ['*'] }),
      ...delegation,
    });
    getOrAdd(this.delegated, name, () => newTargets(this.#expires()));
    this.addKey(name, this.newSigner(), { delegator });
  }

  #expires(): number {
    return this.#options.now + 30 * DAY;
  }
}

function isTopRole(role: string): role is TopRole {
  return (TOP_ROLES as readonly string[]).includes(role);
}

export function getOrAdd<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}
