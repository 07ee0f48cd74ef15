import type { TargetFile, TrustedSet } from '@swupd/manifests/trust';
import { sha256, sha512, toHex } from '@swupd/shared';

const ALGORITHMS = {
  sha256: (bytes: Uint8Array): string => sha256(bytes),
  sha512: (bytes: Uint8Array): string => toHex(sha512(bytes)),
} as const;

/** Where a target lies below `targets/`: at its path, or with consistent snapshots at DIR/HASH.NAME (TUF 5.7.3). */
export function targetName({ root }: TrustedSet, { path, hashes }: TargetFile): string {
  if (!root.consistentSnapshot) return path;
  const [prefix = ''] = hashes.values();
  const slash = path.lastIndexOf('/') + 1;
  return `${path.slice(0, slash)}${prefix}.${path.slice(slash)}`;
}

/** Whether `bytes` are the target: length and every listed hash, none of them unknown (TUF 5.7.2). */
export function isTarget(bytes: Uint8Array, { length, hashes }: TargetFile): boolean {
  if (bytes.length !== length) return false;
  return [...hashes].every(([algorithm, digest]) => digestOf(algorithm, bytes) === digest);
}

export function hasKnownHashes({ hashes }: TargetFile): boolean {
  return [...hashes.keys()].every((algorithm) => algorithm in ALGORITHMS);
}

function digestOf(algorithm: string, bytes: Uint8Array): string | undefined {
  return algorithm === 'sha256' || algorithm === 'sha512' ? ALGORITHMS[algorithm](bytes) : undefined;
}
