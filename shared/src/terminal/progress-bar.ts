import { type Options, SingleBar } from 'cli-progress';
import type { Progress, ProgressStep } from '../progress.ts';
import { formatBytes, formatCount, formatDuration, formatRate, plural } from './format-figures.ts';

const MIN_INTERVAL = 100;

export interface TerminalStream extends NodeJS.WritableStream {
  readonly isTTY?: boolean;
}

/**
 * One bar for the stage that runs: share, figure, rate, time left. For a terminal; `plainProgress` is for everything else.
 * `now` gives milliseconds.
 */
export function barProgress(stream: TerminalStream, now: () => number): Progress {
  let bar: RunningBar | undefined;
  const finish = (stage: string): void => {
    if (bar?.last.stage !== stage) return;
    show(bar, now());
    bar.bar.stop();
    bar = undefined;
  };
  return {
    report(step) {
      const time = now();
      if (bar !== undefined && bar.last.stage !== step.stage) finish(bar.last.stage);
      if (bar === undefined) {
        bar = { bar: new SingleBar(optionsFor(step, stream)), started: time, drawn: time, last: step };
        bar.bar.start(Math.max(step.total, 1), step.total > 0 ? step.done : 0, payloadOf(step, 0));
      }
      bar.last = step;
      const complete = step.total > 0 && step.done >= step.total;
      if (time - bar.drawn < MIN_INTERVAL && !complete) return;
      bar.drawn = time;
      show(bar, time);
    },
    finish,
  };
}

interface RunningBar {
  readonly bar: SingleBar;
  readonly started: number;
  drawn: number;
  last: ProgressStep;
}

function show({ bar, started, last }: RunningBar, time: number): void {
  const known = last.total > 0;
  bar.setTotal(known ? last.total : 1);
  bar.update(known ? last.done : 0, payloadOf(last, time - started));
  // Stages may keep the event loop busy, so drawing can't be left to the bar's own timer.
  bar.render();
}

/** A line for each stage when it is over: for logs and pipes. */
export function plainProgress(stream: NodeJS.WritableStream, now: () => number): Progress {
  const running = new Map<string, { started: number; last: ProgressStep }>();
  return {
    report(step) {
      running.set(step.stage, { started: running.get(step.stage)?.started ?? now(), last: step });
    },
    finish(stage) {
      const run = running.get(stage);
      if (run === undefined) return;
      running.delete(stage);
      stream.write(
        `${stage}: ${figure(run.last, run.last.done)} in ${formatDuration(now() - run.started)}\n`,
      );
    },
  };
}

function optionsFor(step: ProgressStep, stream: TerminalStream): Options {
  return {
    format: `${step.stage.padEnd(10)} [{bar}] {percentage}%  {figure}  {rate}  {left}`,
    stream,
    hideCursor: true,
    clearOnComplete: false,
    barsize: 24,
    forceRedraw: true,
    noTTYOutput: false,
    autopadding: true,
  };
}

function payloadOf(step: ProgressStep, elapsed: number): { figure: string; rate: string; left: string } {
  const left = step.done > 0 && step.total > step.done ? (elapsed * (step.total - step.done)) / step.done : 0;
  return {
    figure:
      step.total > 0 ? `${figure(step, step.done)} of ${figure(step, step.total)}` : figure(step, step.done),
    rate:
      step.unit === 'bytes'
        ? formatRate(step.done, elapsed)
        : `${formatCount(Math.round((step.done * 1000) / Math.max(elapsed, 1)))}/s`,
    left: step.done < step.total ? `${formatDuration(left)} left` : formatDuration(elapsed),
  };
}

function figure(step: ProgressStep, value: number): string {
  return step.unit === 'bytes' ? formatBytes(value) : plural(value, 'file');
}
