import type { Json } from '@swupd/manifests/trust';
import { sha256 } from '@swupd/shared';
import type { SimNetwork } from '../client/sim-client.ts';
import type { SimSignature } from '../simulator/sim-metadata.ts';
import { type SimSigner, signatureBy } from '../simulator/sim-signer.ts';

/** JSON that a mutation may change in place. */
export type Draft = null | boolean | number | string | Draft[] | { [key: string]: Draft };
export type DraftObject = { [key: string]: Draft };

/** From the one that is referred to by none to the one that refers to all. */
export const DRAFT_ROLES = ['role', 'targets', 'snapshot', 'timestamp', 'root'] as const;
export type DraftRole = (typeof DRAFT_ROLES)[number];

/** The second generation of a repository, before it is signed. */
export interface DraftRepository {
  readonly signed: Record<DraftRole, DraftObject>;
  /** Lengths and hashes of what is one level down. */
  readonly hashes: boolean;
}

/** How the file of a role is made out of what is signed; for mutations of the text and of the signatures. */
export type Write = (signed: DraftObject, signatures: SimSignature[]) => Buffer;

export const writePlain: Write = (signed, signatures) => Buffer.from(JSON.stringify({ signatures, signed }));

/** One mutation: the role, what was done to it in words, and how its file is written, and spoilt on the way. */
export interface Mutation {
  readonly role: DraftRole;
  readonly what: string;
  readonly write: Write;
  readonly spoil: (bytes: Buffer) => Buffer;
}

export type DraftSigners = Readonly<Record<DraftRole, readonly SimSigner[]>>;

/** Signs everything with the right keys, each referred to as it is, but for what `changed` says of one role. */
export function publishDraft(
  { signed, hashes }: DraftRepository,
  signers: DraftSigners,
  changed: Mutation,
): Map<DraftRole, Buffer> {
  const files = new Map<DraftRole, Buffer>();
  for (const role of DRAFT_ROLES) {
    const fields = signed[role];
    const signatures = signers[role].map((signer) => signatureBy(signer, fields as Json));
    const write = role === changed.role ? changed.write : writePlain;
    const bytes = write(fields, signatures);
    // References are honest where a publisher errs, and to the right file where somebody spoils it on the way.
    if (hashes) refer(signed, role, bytes);
    files.set(role, role === changed.role ? changed.spoil(bytes) : bytes);
  }
  return files;
}

/** A network that has these files as version 2, or whichever version is asked for. */
export function draftNetwork(files: ReadonlyMap<DraftRole, Buffer>): SimNetwork {
  return {
    fetchMetadata(name) {
      if (name === 'timestamp.json') return files.get('timestamp');
      if (/^\d+\.root\.json$/.test(name)) return name === '2.root.json' ? files.get('root') : undefined;
      const role = /^(?:\d+\.)?(role|targets|snapshot)\.json$/.exec(name)?.[1];
      return files.get(role as DraftRole);
    },
    fetchArtifact: () => undefined,
  };
}

/** Whether a role's entry is there to be honest about. */
function refer(signed: DraftRepository['signed'], role: DraftRole, bytes: Buffer): void {
  if (role === 'root' || role === 'timestamp') return;
  const meta = signed[role === 'snapshot' ? 'timestamp' : 'snapshot'].meta;
  const entry = isObject(meta) ? meta[`${role}.json`] : undefined;
  if (!isObject(entry) || entry.length !== 0) return;
  entry.length = bytes.length;
  entry.hashes = { sha256: sha256(bytes) };
}

export function isObject(value: Draft | undefined): value is DraftObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
