import type { Random } from '../../fuzz/random.ts';

/** When a process is killed: so long after its start, or as soon as so many changes of its files have been seen. */
export type Moment =
  | { readonly kind: 'time'; readonly milliseconds: number }
  | { readonly kind: 'changes'; readonly count: number };

/** How long a command takes when nobody kills it, and how many changes are seen meanwhile. */
export interface Course {
  readonly milliseconds: number;
  readonly changes: number;
}

/** Times miss what is short, such as the changes of the root; so two of three moments are counted in changes. */
const BY_TIME = 3;

/** Later than the measured end, so that the end itself is tried on a busy machine too. */
const BEYOND = 1.1;

export function chooseMoment(random: Random, { milliseconds, changes }: Course): Moment {
  return changes === 0 || random.oneIn(BY_TIME)
    ? { kind: 'time', milliseconds: random.below(Math.ceil(milliseconds * BEYOND)) }
    : { kind: 'changes', count: 1 + random.below(changes) };
}

export function describeMoment(moment: Moment): string {
  return moment.kind === 'time' ? `after ${moment.milliseconds} ms` : `at change ${moment.count}`;
}
