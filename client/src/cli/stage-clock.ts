import type { Progress } from '@swupd/shared';

/** Passes progress on, and remembers how long each stage took. */
export interface StageClock extends Progress {
  /** Milliseconds by stage, in the order in which they began. */
  readonly times: ReadonlyMap<string, number>;
  /** Ends the stages that an error has cut off, so that no bar stays open. */
  finishAll(): void;
}

export function stageClock(progress: Progress, now: () => number): StageClock {
  const started = new Map<string, number>();
  const times = new Map<string, number>();
  const finish = (stage: string): void => {
    const start = started.get(stage);
    started.delete(stage);
    if (start !== undefined) times.set(stage, (times.get(stage) ?? 0) + now() - start);
    progress.finish(stage);
  };
  return {
    times,
    report: (step) => {
      if (!started.has(step.stage)) started.set(step.stage, now());
      progress.report(step);
    },
    finish,
    finishAll: () => {
      for (const stage of [...started.keys()]) finish(stage);
    },
  };
}
