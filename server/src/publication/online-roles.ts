import {
  type FileRef,
  isSignedBy,
  parseEnvelope,
  type RoleKeys,
  type Root,
  type SignedFields,
  snapshotFields,
  timestampFields,
} from '@swupd/manifests/trust';
import { KeyError } from '../keys/key-error.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { isPastHalf, ROLE_LIFE } from '../metadata/role-life.ts';
import { metadataObject } from '../repository/metadata-object.ts';
import { readObject } from '../repository/read-object.ts';
import type { PublicationOptions } from './publication-options.ts';
import { type SignedPart, signPart } from './sign-part.ts';

export interface NextSnapshot extends FileRef {
  /** The file to write, unless it is published already. */
  readonly written: readonly {
    readonly role: string;
    readonly version: number;
    readonly bytes: Uint8Array;
  }[];
}

/** The snapshot that goes with the change: the published one where it says the same, is young, and signed by the right keys. */
export function nextSnapshot(
  parts: readonly SignedPart[],
  root: Root,
  { repository, state, ring, time, life }: PublicationOptions,
): NextSnapshot {
  const old = state?.set.snapshot;
  const listed = parts.filter(({ role }) => role !== 'root');
  const isGood = old !== undefined && isSignedWith(old.bytes, root.roles.snapshot);
  const isYoung =
    old !== undefined && !isPastHalf('snapshot', old.expires, time) && old.expires >= time + life;
  if (isGood && isYoung && listed.length === 0) {
    return { version: old.version, bytes: old.bytes, written: [] };
  }
  const meta: Record<string, FileRef> = {};
  // A role that was listed once stays listed (TUF 5.5.5).
  for (const [role, { version }] of old?.meta ?? []) {
    meta[role] = { version, bytes: readObject(repository, metadataObject(role, version)) };
  }
  for (const { role, version, bytes } of listed) meta[role] = { version, bytes };
  const version = (old?.version ?? 0) + 1;
  const fields = snapshotFields({ version, expires: time + Math.max(life, ROLE_LIFE.snapshot), meta });
  const bytes = signOnline('snapshot', fields, { ring, keys: root.roles.snapshot });
  return { version, bytes, written: [{ role: 'snapshot', version, bytes }] };
}

/** A timestamp that names the snapshot. @throws KeyError `keys-missing` */
export function nextTimestamp(
  snapshot: FileRef,
  root: Root,
  { state, ring, time, life }: PublicationOptions,
): Buffer {
  const version = (state?.set.timestamp?.version ?? 0) + 1;
  const { product } = root;
  const fields = timestampFields({
    version,
    expires: time + life,
    time,
    snapshot,
    ...(product === undefined ? {} : { product }),
  });
  return signOnline('timestamp', fields, { ring, keys: root.roles.timestamp });
}

/** What a device asks for at each check can't wait for keys that are elsewhere. */
function signOnline(
  role: 'snapshot' | 'timestamp',
  fields: SignedFields,
  { ring, keys }: { readonly ring: KeyRing; readonly keys: RoleKeys },
): Buffer {
  const part = { role, version: Number(fields.version), fields, signers: [keys] };
  const { bytes, missing } = signPart(part, ring, []);
  if (missing === undefined) return bytes;
  throw new KeyError(
    'keys-missing',
    `the key of the role ${role} is not at hand, and nothing can be published without it`,
    {
      details: { role, signed: missing.signed, threshold: missing.threshold, keyIds: missing.keyIds },
      hint: `Pass the folder with ${role}.key with --keys, or a command that signs with --signer ${role}=COMMAND.`,
    },
  );
}

function isSignedWith(bytes: Uint8Array, keys: RoleKeys): boolean {
  const envelope = parseEnvelope(bytes);
  return envelope !== undefined && isSignedBy(envelope, keys);
}
