import type { Json } from '../json/canonical-json.ts';
import { isRecord } from '../json/parse-json.ts';
import type { KeyPolicy } from '../keys/key-policy.ts';
import { type Delegation, type DelegationInput, formatDelegations, readDelegations } from './delegation.ts';
import type { Envelope, SignedFields } from './envelope.ts';
import { type Hashes, readHashes } from './file-meta.ts';
import { type Metadata, malformed, readMetadata } from './metadata.ts';
import { SPEC_VERSION } from './role-name.ts';
import { formatTime } from './utc-time.ts';

/** The files that a role names, and the roles that it lets speak for it. TUF 1.0.34, section 4.5. */
export interface Targets extends Metadata {
  /** By path. */
  readonly targets: ReadonlyMap<string, TargetFile>;
  /** In the order in which they are asked. */
  readonly delegations: readonly Delegation[];
}

export interface TargetFile {
  readonly path: string;
  /** Bytes. */
  readonly length: number;
  readonly hashes: Hashes;
  readonly custom: Json | undefined;
}

export interface TargetInput {
  readonly length: number;
  readonly hashes: Readonly<Record<string, string>>;
  readonly custom?: Json;
}

export interface TargetsInput {
  readonly version: number;
  /** Seconds since 1970. */
  readonly expires: number;
  /** By path. */
  readonly targets?: Readonly<Record<string, TargetInput>>;
  readonly delegations?: readonly DelegationInput[];
}

export function targetsFields({ version, expires, targets, delegations }: TargetsInput): SignedFields {
  return {
    _type: 'targets',
    spec_version: SPEC_VERSION,
    version,
    expires: formatTime(expires),
    targets: { ...targets } as unknown as Json,
    ...(delegations === undefined ? {} : { delegations: formatDelegations(delegations) }),
  };
}

/** @throws TrustError `bad-metadata` */
export function readTargets(
  envelope: Envelope,
  { bytes, role, policy }: { readonly bytes: Uint8Array; readonly role: string; readonly policy: KeyPolicy },
): Targets {
  const metadata = readMetadata(envelope, { bytes, type: 'targets', role });
  const { signed } = envelope;
  if (!isRecord(signed.targets)) throw malformed(role, 'it has no targets');
  const targets = new Map<string, TargetFile>();
  for (const [path, value] of Object.entries(signed.targets)) {
    const target = readTarget(path, value);
    if (target === undefined) throw malformed(role, `its target ${JSON.stringify(path)} is malformed`);
    targets.set(path, target);
  }
  const delegations = signed.delegations === undefined ? [] : readDelegations(signed.delegations, policy);
  if (delegations === undefined) throw malformed(role, 'its delegations are malformed');
  return { ...metadata, targets, delegations };
}

function readTarget(path: string, value: Json): TargetFile | undefined {
  if (!isRecord(value)) return undefined;
  const { length, custom } = value;
  const hashes = readHashes(value.hashes);
  if (typeof length !== 'number' || length < 0 || hashes === undefined) return undefined;
  return { path, length, hashes, custom };
}
