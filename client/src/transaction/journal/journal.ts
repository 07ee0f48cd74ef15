import type { Digest } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { DeviceError } from '../../device-error.ts';
import {
  type Directory,
  type NodeMetadata,
  ownName,
  readWhole,
  removeIfThere,
  replaceFile,
} from '../../disk/index.ts';
import type { Removal, Step } from '../../plan/plan.ts';
import type { HookPoint } from '../../state/due-hooks.ts';
import type { HistoryEvent } from '../../state/history.ts';
import type { Home } from '../../state/home.ts';
import type { InstalledRecord } from '../../state/installed-record.ts';
import type { Previous } from '../../state/previous-versions.ts';

/**
 * What was at the path of a step when its content had been staged, and where it can be had from to take the step back.
 * - `nothing`
 * - `kept`: a file or link; it has a second name in the staging area, or a copy where the file system has no hard links
 * - `aside`: of a kind that no rename can replace; moved into the staging area
 * - `beside`: not ours; moved to `name` in the same directory
 * - `metadata`: the step changes nothing else
 * - `passed`: somebody has taken away what the step needs. It is left out, for `verify` to find
 *
 * With a digest, it goes into the kept content after the commit.
 */
export type Present =
  | { readonly kind: 'nothing' | 'passed' }
  | { readonly kind: 'kept'; readonly isCopy: boolean; readonly digest?: Digest | undefined }
  | { readonly kind: 'aside'; readonly digest?: Digest | undefined }
  | { readonly kind: 'beside'; readonly name: string }
  | { readonly kind: 'metadata'; readonly metadata: NodeMetadata };

/** A step with all that is needed to do it again, and to take it back. */
export interface JournalStep {
  readonly step: Step;
  /** Of its staging area. */
  readonly home: Home;
  readonly present: Present;
}

export interface JournalRemoval extends Removal {
  readonly home: Home;
  /** The kept content gets the file under this digest; without one it is deleted. */
  readonly digest?: Digest | undefined;
}

/**
 * Everything that is needed to carry a transaction through once its content is staged, and to take it back. Written before
 * the first change and removed after the last, so whoever finds it can finish what it says, one way or the other: everything
 * in it may be done twice.
 */
export interface Journal {
  readonly steps: readonly JournalStep[];
  readonly removals: readonly JournalRemoval[];
  /** The installed record that the commit writes. */
  readonly record: InstalledRecord;
  /** Whether that is another one than before. */
  readonly isNewRecord: boolean;
  /** What the device can go back to after the commit; undefined where that stays as it is. */
  readonly previous?: Previous | undefined;
  /** What the history will say of it. */
  readonly event: HistoryEvent;
  /** The hooks that are due when it is over; none where hooks do not run. */
  readonly hooks: readonly HookPoint[];
  /** The history's length before: tells two transactions that do the same apart. */
  readonly historyBytes: number;
}

/** How far a transaction has got: `begun` is carried forward, `back` is taken back, after `committed` only clearing up is left. */
export type JournalPhase = 'begun' | 'back' | 'committed';

export interface FoundJournal {
  readonly journal: Journal;
  readonly phase: JournalPhase;
  /** Names this transaction. */
  readonly id: Digest;
}

/** A transaction whose journal is written. */
export interface Begun extends FoundJournal {
  /** Whether an earlier command has begun it, and was cut off. */
  readonly wasCut: boolean;
}

const FILE = 'journal';
const FORMAT = 'swupd-journal 2';

/** @returns what names the transaction */
export function writeJournal(state: Directory, journal: Journal): Digest {
  const body = padded(JSON.stringify(journal));
  const id = hashContent(body);
  const head = Buffer.from(`${FORMAT} ${id} ${body.length}\n`);
  replaceFile(state, FILE, Buffer.concat([head, body, Buffer.from('\n')]));
  return id;
}

const BLOCK = 512;

/** Its end lies in the middle of a block, so that a full disk has room for the mark behind it. */
function padded(json: string): Buffer {
  const bytes = Buffer.from(json);
  const middle = BLOCK / 2 - FORMAT.length - HEAD_REST - String(bytes.length + BLOCK).length;
  const padding = (((middle - bytes.length) % BLOCK) + BLOCK) % BLOCK;
  return Buffer.concat([bytes, Buffer.alloc(padding, ' ')]);
}

/** Spaces, digest and line end in the first line. */
const HEAD_REST = 67;

/**
 * Notes that the transaction has turned, or that it is committed: one line at the journal's end. It counts as soon as it is
 * whole.
 */
export function markJournal(state: Directory, phase: Exclude<JournalPhase, 'begun'>): void {
  const bytes = readWhole(state, FILE);
  const end = bytes === undefined ? undefined : bodyOf(bytes)?.end;
  if (end === undefined) throw new TypeError('there is no journal to mark');
  const file = state.appendFile(ownName(FILE), end, 0o644);
  try {
    file.write(Buffer.from(`${phase}\n`));
    file.sync();
  } finally {
    file.close();
  }
}

/**
 * The journal of a transaction that was cut off. A torn one counts as none: nothing had been changed yet.
 * @throws DeviceError `bad-state` for one that another version of this program has written, and may have begun to carry out
 */
export function readJournal(state: Directory): FoundJournal | undefined {
  const bytes = readWhole(state, FILE);
  const found = bytes === undefined ? undefined : bodyOf(bytes);
  if (bytes !== undefined && found === undefined) refuseOther(bytes);
  if (bytes === undefined || found === undefined) return undefined;
  const journal = JSON.parse(found.body.toString()) as Journal;
  return { journal, phase: phaseOf(bytes.toString('latin1', found.end)), id: found.id };
}

function refuseOther(bytes: Buffer): void {
  const head = OTHER_FORMAT.exec(bytes.toString('latin1', 0, LONGEST_HEAD))?.[0];
  if (head === undefined || head === FORMAT) return;
  throw new DeviceError(
    'bad-state',
    `changes were cut off that another version of swupd has begun (${head})`,
    {
      hint: "Run 'swupd recover' of the version that has begun them.",
    },
  );
}

const OTHER_FORMAT = /^swupd-journal [0-9]+(?= )/;

export function hasJournal(state: Directory): boolean {
  return state.lookup(ownName(FILE)) !== undefined;
}

/** Durably: a journal that came back would be carried out once more, over what has been done since. */
export function removeJournal(state: Directory): void {
  removeIfThere(state, ownName(FILE));
  state.sync();
}

interface JournalBody {
  readonly id: Digest;
  readonly body: Buffer;
  /** Where marks begin. */
  readonly end: number;
}

const HEAD = new RegExp(`^${FORMAT} ([0-9a-f]{64}) ([0-9]{1,10})\n`);
const LONGEST_HEAD = 128;

/** undefined where its bytes are not those that were written. */
function bodyOf(bytes: Buffer): JournalBody | undefined {
  const head = HEAD.exec(bytes.toString('latin1', 0, LONGEST_HEAD));
  if (head === null) return undefined;
  const [line, id, size] = head;
  const start = line.length;
  const body = bytes.subarray(start, start + Number(size));
  const end = start + Number(size) + 1;
  if (bytes.length < end || hashContent(body) !== id) return undefined;
  return { id: id as Digest, body, end };
}

function phaseOf(marks: string): JournalPhase {
  if (marks.startsWith('committed\n')) return 'committed';
  return marks.startsWith('back\n') ? 'back' : 'begun';
}
