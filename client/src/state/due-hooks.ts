import { z } from 'zod';
import { type Directory, ownName, readWhole, removeIfThere, replaceFile } from '../disk/index.ts';
import type { HistoryEvent } from './history.ts';

/** When hooks run: before a change, after one of boot files, and after every one. */
export type HookPoint = 'pre-update' | 'boot' | 'post-update';

/** Hooks that have to run after a change that is over. They wait in a file, so that a cut before they have run loses none. */
export interface DueHooks {
  readonly event: HistoryEvent;
  readonly outcome: string;
  readonly points: readonly HookPoint[];
}

const FILE = 'due-hooks';

const SCHEMA = z.object({
  event: z.object({ command: z.string(), from: z.int().nullable(), to: z.int(), bytes: z.number() }),
  outcome: z.string(),
  points: z.array(z.enum(['boot', 'post-update'])),
});

export function noteDueHooks(state: Directory, due: DueHooks): void {
  replaceFile(state, FILE, Buffer.from(JSON.stringify(due)));
}

export function readDueHooks(state: Directory): DueHooks | undefined {
  const bytes = readWhole(state, FILE);
  if (bytes === undefined) return undefined;
  try {
    return SCHEMA.parse(JSON.parse(bytes.toString()));
  } catch {
    return undefined;
  }
}

export function forgetDueHooks(state: Directory): void {
  removeIfThere(state, ownName(FILE));
  state.sync();
}
