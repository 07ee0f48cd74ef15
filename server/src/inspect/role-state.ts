import { LAYOUT } from '@swupd/manifests';
import { fileNameOf, type Metadata, metadataName, type TrustedSet } from '@swupd/manifests/trust';

/** The metadata of one role as it is published now. */
export interface RoleState {
  readonly role: string;
  /** Of the file, below the repository's top. */
  readonly name: string;
  readonly version: number;
  /** Seconds since 1970. */
  readonly expires: number;
  /** Bytes. */
  readonly size: number;
}

export function topLevelRoles(set: TrustedSet): RoleState[] {
  const { root, timestamp, snapshot, targets } = set;
  return Object.entries({ root, timestamp, snapshot, targets }).flatMap(([role, metadata]) =>
    metadata === undefined ? [] : [stateOf(set, role, metadata)],
  );
}

export function stateOf(set: TrustedSet, role: string, { version, expires, bytes }: Metadata): RoleState {
  const file = role === 'timestamp' ? fileNameOf(role) : metadataName(set, role, version);
  return { role, name: LAYOUT.metadata(file), version, expires, size: bytes.length };
}
