import { canonicalJson, parseEnvelope, parseTime } from '@swupd/manifests/trust';
import { writeFileAtomic } from '@swupd/shared/io';
import { KeyRing } from '../keys/key-ring.ts';
import { writeFields } from '../metadata/change-policy.ts';
import { explainChange } from '../metadata/explain-change.ts';
import type { ChangePart } from '../publication/parts-of-change.ts';
import type { PreparedFile } from '../publication/prepared-metadata.ts';
import { type MissingSignatures, signPart } from '../publication/sign-part.ts';
import { CeremonyError } from './ceremony-error.ts';
import type { PreparedRelease } from './prepared-release.ts';

/** What became of one file, and what it says. */
export interface SignedFile {
  readonly path: string;
  readonly role: string;
  readonly version: number;
  readonly expires: string;
  /** What it changes, a line each. */
  readonly says: readonly string[];
  /** Ids of the keys that have signed it now; they had not before. */
  readonly added: readonly string[];
  /** Ids of all keys that have signed it. */
  readonly signed: readonly string[];
  /** What it still needs; undefined where it is complete. */
  readonly missing: MissingSignatures | undefined;
}

/** Describes the prepared files, and how far they are signed. Changes nothing. */
export function describePrepared(release: PreparedRelease): SignedFile[] {
  const ring = new KeyRing([], [], {});
  return release.parts.map((part) => signed(release, part, ring).file);
}

/**
 * Adds the signatures of the keys in `ring` to the prepared files at `paths`, or to all of them where these keys have a part. A file that
 * has enough signatures gets no more, and none twice.
 * @throws CeremonyError `key-not-needed`; KeyError where the command of a signer fails
 */
export function signPrepared(
  release: PreparedRelease,
  ring: KeyRing,
  paths: readonly string[] | undefined,
): SignedFile[] {
  const chosen = release.parts.filter((part) => {
    const { path } = fileOf(release, part);
    return paths === undefined ? isNeeded(part, ring) : paths.includes(path);
  });
  const stranger = chosen.find((part) => !isNeeded(part, ring));
  if (stranger !== undefined || chosen.length === 0) throw notNeeded(stranger);
  const results = chosen.map((part) => signed(release, part, ring));
  for (const { file, bytes } of results) if (file.added.length > 0) writeFileAtomic(file.path, bytes);
  return results.map(({ file }) => file);
}

function signed(
  release: PreparedRelease,
  part: ChangePart,
  ring: KeyRing,
): { readonly file: SignedFile; readonly bytes: Buffer } {
  const { role, version, fields } = part;
  const { path, envelope } = fileOf(release, part);
  const has = envelope.signatures;
  const { bytes, missing } = signPart(part, ring, has);
  const now = (parseEnvelope(bytes)?.signatures ?? []).map(({ keyid }) => keyid);
  const before = new Set(has.map(({ keyid }) => keyid));
  const file = {
    path,
    role,
    version,
    expires: String(fields.expires),
    says: [...explainChange(role, release.before, release.after), ...explainRest(part, release)],
    added: now.filter((keyid) => !before.has(keyid)),
    signed: now,
    missing,
  };
  return { file, bytes };
}

/** What is in the file beside all that can be told. */
function explainRest({ role, version, fields }: ChangePart, { after }: PreparedRelease): string[] {
  const told = writeFields(role, after, { version, expires: parseTime(fields.expires) ?? 0 });
  if (canonicalJson(told).equals(canonicalJson(fields))) return [];
  return ['! HAS MORE IN IT THAN IS TOLD HERE: do not sign what you do not understand'];
}

/** Files of older versions may lie beside it. */
function fileOf({ files }: PreparedRelease, { role, version }: ChangePart): PreparedFile {
  const file = files.find(
    ({ role: other, envelope }) => other === role && envelope.signed.version === version,
  );
  if (file === undefined) throw new TypeError('every part is in a file');
  return file;
}

function isNeeded({ role, signers }: ChangePart, ring: KeyRing): boolean {
  return signers.some((group) => ring.count(role, group) > 0);
}

function notNeeded(part: ChangePart | undefined): CeremonyError {
  const wanted = part?.signers.flatMap(({ keys }) => [...keys.keys()]) ?? [];
  const what = part === undefined ? 'any of the files' : `version ${part.version} of ${part.role}.json`;
  return new CeremonyError('key-not-needed', `the key has no part in ${what}`, {
    details: part === undefined ? {} : { role: part.role, keyIds: wanted },
    hint: 'Pass the key of a role that signs it, or leave the file out.',
  });
}
