import { z } from 'zod';
import { type Directory, ownName, readWhole, replaceFile } from '../disk/index.ts';

/** A change to the system, as its command announces it. */
export interface HistoryEvent {
  readonly command: string;
  /** The version before; null where there was none. */
  readonly from: number | null;
  readonly to: number;
  /** Downloaded. */
  readonly bytes: number;
}

/** What came of a change. */
export interface HistoryEntry extends HistoryEvent {
  /** When it ended, seconds since 1970. */
  readonly time: number;
  /**
   * `failed`: before the first change. `taken-back`: after it, and everything is as it was. `hook-failed`: a line of its own for
   * each hook that has failed after the change.
   */
  readonly outcome: 'done' | 'failed' | 'taken-back' | 'hook-failed';
  /** Whether it was cut off, and ended by a later command. */
  readonly cut: boolean;
  /** Of the error, where there was one. */
  readonly code?: string | undefined;
  /** Of the transaction, where one had begun: a cut while this is written must not make it appear twice. */
  readonly id?: string | undefined;
}

const FILE = 'history';

/** Then the older half goes, so that a device that updates for years keeps its disk. */
const MOST_BYTES = 512 * 1024;

const SCHEMA = z.object({
  command: z.string(),
  from: z.int().nullable(),
  to: z.int(),
  bytes: z.number(),
  time: z.int(),
  outcome: z.enum(['done', 'failed', 'taken-back', 'hook-failed']),
  cut: z.boolean(),
  code: z.string().optional(),
  id: z.string().optional(),
});

/** The oldest first. Lines that were torn by a cut are left out. */
export function readHistory(state: Directory): HistoryEntry[] {
  return entriesOf(readWhole(state, FILE)?.toString('utf8') ?? '');
}

/** Adds a line, durably. */
export function appendHistory(state: Directory, entry: HistoryEntry): void {
  const text = readWhole(state, FILE)?.toString('utf8') ?? '';
  if (entry.id !== undefined && entriesOf(text).at(-1)?.id === entry.id) return;
  if (text.length > MOST_BYTES) shorten(state, text);
  const size = historyBytes(state);
  // What a cut has torn must not make a line with what follows.
  const isTorn = text !== '' && !text.endsWith('\n');
  const file = state.appendFile(ownName(FILE), size, 0o644);
  try {
    file.write(Buffer.from(`${isTorn ? '\n' : ''}${JSON.stringify(entry)}\n`));
    file.sync();
  } finally {
    file.close();
  }
  if (size === 0) state.sync();
}

export function historyBytes(state: Directory): number {
  return state.lookup(ownName(FILE))?.size ?? 0;
}

function shorten(state: Directory, text: string): void {
  const half = text.indexOf('\n', text.length - MOST_BYTES / 2);
  replaceFile(state, FILE, Buffer.from(text.slice(half + 1)));
}

function entriesOf(text: string): HistoryEntry[] {
  return text.split('\n').flatMap((line) => {
    try {
      return [SCHEMA.parse(JSON.parse(line)) as HistoryEntry];
    } catch {
      return [];
    }
  });
}
