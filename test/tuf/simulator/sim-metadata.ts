import { formatTime, type Json, SPEC_VERSION } from '@swupd/manifests/trust';

/** Metadata that a case may change as it likes, before it is published. */
export interface SimMetadata {
  _type: string;
  spec_version: string;
  version: number;
  expires: string;
  /** Fields that the specification does not know. */
  [field: string]: unknown;
}

export interface SimRole {
  keyids: string[];
  threshold: number;
  [field: string]: unknown;
}

export interface SimRoot extends SimMetadata {
  consistent_snapshot: boolean;
  keys: Record<string, Json>;
  roles: { root: SimRole; timestamp: SimRole; snapshot: SimRole; targets: SimRole };
}

export interface SimFileMeta {
  version: number;
  length?: number;
  hashes?: Record<string, string>;
}

/** Timestamp or snapshot. */
export interface SimMeta extends SimMetadata {
  meta: Record<string, SimFileMeta>;
}

export interface SimTarget {
  length: number;
  hashes: Record<string, string>;
  custom?: Json;
}

export interface SimDelegation extends SimRole {
  name: string;
  terminating: boolean;
  paths?: string[];
  path_hash_prefixes?: string[];
}

export interface SimTargets extends SimMetadata {
  targets: Record<string, SimTarget>;
  delegations?: { keys: Record<string, Json>; roles: SimDelegation[] };
}

export interface SimSignature {
  keyid: string;
  sig: string;
}

export interface SimEnvelope {
  signed: Json;
  signatures: SimSignature[];
}

/** Version 0, for the first publication to raise. `expires` in seconds since 1970. */
export function newRoot(expires: number): SimRoot {
  const role = (): SimRole => ({ keyids: [], threshold: 1 });
  const roles = { root: role(), timestamp: role(), snapshot: role(), targets: role() };
  return { ...common('root', expires), consistent_snapshot: true, keys: {}, roles };
}

export function newMeta(type: 'timestamp' | 'snapshot', expires: number): SimMeta {
  return { ...common(type, expires), meta: {} };
}

export function newTargets(expires: number): SimTargets {
  return { ...common('targets', expires), targets: {} };
}

function common(type: string, expires: number): SimMetadata {
  return { _type: type, spec_version: SPEC_VERSION, version: 0, expires: formatTime(expires) };
}
