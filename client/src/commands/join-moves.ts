import type { ReadBack } from '../transaction/staging/read-back.ts';
import type { Move } from './move-to-build.ts';

/** What several moves, one after the other, have come to: what they cost and did together, and what is kept at the end. */
export function joinMoves(moves: readonly [Move, ...Move[]]): Move {
  return moves.reduce(joinTwo);
}

function joinTwo(first: Move, then: Move): Move {
  const [a, b] = [first.outcome, then.outcome];
  const readBack = joinReadBacks(a.readBack, b.readBack);
  return {
    dropped: [...new Set([...first.dropped, ...then.dropped])],
    outcome: {
      cost: {
        downloadBytes: a.cost.downloadBytes + b.cost.downloadBytes,
        requests: a.cost.requests + b.cost.requests,
        contentBytes: a.cost.contentBytes + b.cost.contentBytes,
        // Each began with the room that the one before had left.
        space: b.cost.space,
        changes: a.cost.changes + b.cost.changes,
        removals: a.cost.removals + b.cost.removals,
        keptBytes: b.cost.keptBytes,
      },
      plan: {
        steps: [...a.plan.steps, ...b.plan.steps],
        removals: [...a.plan.removals, ...b.plan.removals],
        notices: [...a.plan.notices, ...b.plan.notices],
      },
      notices: [...a.notices, ...b.notices],
      failures: [...a.failures, ...b.failures],
      ...(readBack === undefined ? {} : { readBack }),
      dryRun: b.dryRun,
      // Counted since the command began.
      transferred: b.transferred,
    },
  };
}

function joinReadBacks(a: ReadBack | undefined, b: ReadBack | undefined): ReadBack | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return { checked: a.checked + b.checked, unchecked: a.unchecked + b.unchecked };
}
