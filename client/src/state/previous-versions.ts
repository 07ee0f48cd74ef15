import { type Digest, isDigest, parseRepoPath, type RepoPath } from '@swupd/shared';
import { z } from 'zod';
import { type Directory, readWhole, replaceFile } from '../disk/index.ts';
import type { Home } from './home.ts';
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

/** What the device can go back to. */
export interface Previous {
  /** The newest first. */
  readonly versions: readonly PreviousVersion[];
  /** Where their content is kept, besides the state directory. */
  readonly homes: readonly Home[];
}

const FILE = 'previous.json';

const EDIT = z.object({
  path: z.string().transform(parseRepoPath),
  digest: z.string().refine(isDigest),
  size: z.int(),
});

/** A path as any other: what is named here is walked to, and emptied. */
const HOME = z.string().transform((text) => (text === 'state' ? text : parseRepoPath(text)));

const SCHEMA = z.object({
  format: z.literal(1),
  homes: z.array(HOME),
  versions: z.array(z.object({ record: INSTALLED_RECORD, replaced: z.int(), edits: z.array(EDIT) })),
});

const NONE: Previous = { versions: [], homes: [] };

/** A damaged list counts as an empty one: going back is then not possible, and no reason to stop anything else. */
export function readPrevious(state: Directory): Previous {
  const bytes = readWhole(state, FILE);
  if (bytes === undefined) return NONE;
  try {
    const { versions, homes } = SCHEMA.parse(JSON.parse(bytes.toString('utf8')));
    return { versions: versions as unknown as readonly PreviousVersion[], homes: homes as Home[] };
  } catch {
    return NONE;
  }
}

export function writePrevious(state: Directory, { versions, homes }: Previous): void {
  replaceFile(state, FILE, Buffer.from(`${JSON.stringify({ format: 1, homes, versions }, null, 2)}\n`));
}
