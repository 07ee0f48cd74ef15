import type { Digest } from '@swupd/shared';

/** A file's place in a repository, relative to its top, with slashes. ASCII only. */
export type ObjectName = string & { readonly __brand: 'ObjectName' };

/** Names of the published files. `manifests/spec/repository.md`. All but `timestamp` never change once published. */
export const LAYOUT = {
  root: (version: number) => name(`metadata/${version}.root.json`),
  timestamp: name('metadata/timestamp.json'),
  /** Other trust metadata, by the name that the workflow gives it. */
  metadata: (file: string) => name(`metadata/${file}`),
  mom: (version: number) => name(`releases/${version}/mom`),
  /** The MoM's signature by one of the build keys. */
  momSignature: (version: number, keyid: string) => name(`releases/${version}/${keyid}.sig`),
  /** The MoM as a TUF target of a channel that offers the build. */
  momTarget: (channel: string, version: number, digest: Digest) =>
    name(`targets/${channel}/${version}/${digest}.mom`),
  /** A manifest, a difference or a list of deltas, by the digest of its plain bytes. */
  document: (digest: Digest) => name(`documents/${digest.slice(0, 2)}/${digest}.zst`),
  /** A file's bytes, by their digest. */
  blob: (digest: Digest) => name(`blobs/${digest.slice(0, 2)}/${digest}`),
  delta: (from: Digest, to: Digest) => name(`deltas/${to.slice(0, 2)}/${from}-${to}`),
  pack: (digest: Digest) => name(`packs/${digest.slice(0, 2)}/${digest}`),
} as const;

function name(text: string): ObjectName {
  return text as ObjectName;
}
