import type { Random } from '../../fuzz/random.ts';

/** When a process is killed, or disturbed in another way. */
export type Moment =
  /** So long after its start. */
  | { readonly kind: 'time'; readonly milliseconds: number }
  /** As soon as so many changes of its files have been seen. */
  | { readonly kind: 'changes'; readonly count: number }
  /** So long after its journal has been seen: from then on the root changes. */
  | { readonly kind: 'journal'; readonly milliseconds: number };

/** What a command does when nobody kills it. */
export interface Course {
  readonly milliseconds: number;
  /** How many changes of its files are seen. */
  readonly changes: number;
  /** From the first sight of the journal to the end; undefined for a command that writes none. */
  readonly afterJournal: number | undefined;
}

/** Later than the measured end, so that the end itself is tried on a busy machine too. */
const BEYOND = 1.1;

/** One of the three kinds, each as often as the others: times alone mostly hit the start of Node, and hardly ever a rename. */
export function chooseMoment(random: Random, { milliseconds, changes, afterJournal }: Course): Moment {
  const before = (limit: number): number => random.below(Math.ceil(limit * BEYOND));
  switch (random.below(3)) {
    case 0:
      return { kind: 'time', milliseconds: before(milliseconds) };
    case 1:
      return { kind: 'changes', count: 1 + random.below(changes) };
    default:
      return afterJournal === undefined
        ? { kind: 'time', milliseconds: before(milliseconds) }
        : { kind: 'journal', milliseconds: before(afterJournal) };
  }
}

export function describeMoment(moment: Moment): string {
  switch (moment.kind) {
    case 'time':
      return `after ${moment.milliseconds} ms`;
    case 'changes':
      return `at change ${moment.count}`;
    case 'journal':
      return `${moment.milliseconds} ms after its journal`;
  }
}
