import type { Digest, Progress } from '@swupd/shared';
import { isHeavy } from './decode-task.ts';
import type { Executor } from './executor.ts';
import type { FrameJob } from './frame-jobs.ts';
import type { RoundResult, SourceFailure } from './round-result.ts';

export interface RunContext {
  readonly executor: Executor;
  readonly progress: Progress;
}

/** Decodes all frames, in parallel, the largest first so that the threads end together. */
export async function runFrameJobs(jobs: readonly FrameJob[], context: RunContext): Promise<RoundResult> {
  const bySize = [...jobs].sort((a, b) => b.task.frame.plainSize - a.task.frame.plainSize);
  const heavy = bySize.filter(({ task }) => isHeavy(task));
  const light = bySize.filter(({ task }) => !isHeavy(task));
  const acquired: Digest[] = [];
  const failures: SourceFailure[] = [];
  const total = jobs.reduce((sum, { task }) => sum + task.wanted.length, 0);
  let done = 0;
  const work = async (next: () => FrameJob | undefined): Promise<void> => {
    for (let job = next(); job !== undefined; job = next()) {
      const { source, task } = job;
      const { decoded, failed } = await context.executor.decode(task);
      acquired.push(...decoded);
      failures.push(...failed.map(({ digest, reason }) => ({ source, reason: `${digest}: ${reason}` })));
      done += task.wanted.length;
      context.progress.report({ stage: 'unpack', done, total, unit: 'files' });
    }
  };
  const lanes = Array.from({ length: Math.max(1, context.executor.parallel - 1) }, () =>
    work(() => light.shift()),
  );
  await Promise.all([work(() => heavy.shift() ?? light.shift()), ...lanes]);
  if (total > 0) context.progress.finish('unpack');
  return { acquired, failures };
}
