import { type Digest, isDigest, parseRepoPath, type RepoPath } from '@swupd/shared';
import { z } from 'zod';
import { type Directory, readWhole, replaceFile } from '../disk/index.ts';
import { INSTALLED_RECORD, type InstalledRecord } from './installed-record.ts';

/** A version that was installed before, and that the device can go back to with what it has kept. */
export interface PreviousVersion {
  /** As it was when the version was replaced, bundles included. */
  readonly record: InstalledRecord;
  /** When that was, seconds since 1970. */
  readonly replaced: number;
  /** Files of the build that had been edited on the device: going back restores these bytes, not the build's. */
  readonly edits: readonly EditedFile[];
}

export interface EditedFile {
  readonly path: RepoPath;
  readonly digest: Digest;
  readonly size: number;
}

const FILE = 'previous.json';

const SCHEMA = z.object({
  format: z.literal(1),
  versions: z.array(
    z.object({
      record: INSTALLED_RECORD,
      replaced: z.int(),
      edits: z.array(
        z.object({
          path: z.string().transform(parseRepoPath),
          digest: z.string().refine(isDigest),
          size: z.int(),
        }),
      ),
    }),
  ),
});

/** The newest first. A damaged list counts as an empty one: it is a convenience, and no reason to stop. */
export function readPreviousVersions(state: Directory): readonly PreviousVersion[] {
  const bytes = readWhole(state, FILE);
  if (bytes === undefined) return [];
  try {
    return SCHEMA.parse(JSON.parse(bytes.toString('utf8'))).versions as readonly PreviousVersion[];
  } catch {
    return [];
  }
}

export function writePreviousVersions(state: Directory, versions: readonly PreviousVersion[]): void {
  replaceFile(state, FILE, Buffer.from(`${JSON.stringify({ format: 1, versions }, null, 2)}\n`));
}
