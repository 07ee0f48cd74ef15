import { type Digest, sha256 } from '@swupd/shared';
import { type Directory, ownName, readWhole, removeIfThere, replaceFile } from '../disk/index.ts';
import type { ChangePlan } from '../plan/plan.ts';
import type { InstalledRecord } from '../state/installed-record.ts';
import type { StagingArea } from './staging-areas.ts';

/**
 * Everything that is needed to carry a transaction through once its content is staged. Written before the first change and
 * removed after the last, so whoever finds it can finish what it says: each of its steps may be done twice.
 */
export interface Journal {
  readonly plan: Pick<ChangePlan, 'steps' | 'removals'>;
  /** The staging area of each step. */
  readonly homes: readonly StagingArea['home'][];
  /** The installed record that the commit writes. */
  readonly record: InstalledRecord;
}

const FILE = 'journal';
const DIGEST_LINE = 65;

export function writeJournal(state: Directory, journal: Journal): void {
  const body = Buffer.from(JSON.stringify(journal));
  replaceFile(state, FILE, Buffer.concat([Buffer.from(`${sha256(body)}\n`), body]));
}

/** The journal of a transaction that was cut off. A torn one counts as none: nothing had been changed yet. */
export function readJournal(state: Directory): Journal | undefined {
  const bytes = readWhole(state, FILE);
  if (bytes === undefined) return undefined;
  const digest = bytes.toString('latin1', 0, DIGEST_LINE - 1) as Digest;
  const body = bytes.subarray(DIGEST_LINE);
  return sha256(body) === digest ? (JSON.parse(body.toString()) as Journal) : undefined;
}

export function hasJournal(state: Directory): boolean {
  return state.lookup(ownName(FILE)) !== undefined;
}

export function removeJournal(state: Directory): void {
  removeIfThere(state, ownName(FILE));
}
