import type { Progress, SwupdError } from '@swupd/shared';
import type { CliIo } from './cli-io.ts';
import type { Report } from './report.ts';

/** Milliseconds between two lines of progress of one stage. */
const PROGRESS_INTERVAL = 250;

/** For programs: one JSON object a line on stdout, from `start` to `end`. */
export function jsonReport(
  { stdout, monotonic }: Pick<CliIo, 'stdout' | 'monotonic'>,
  section: string,
): Report {
  const emit = (object: Readonly<Record<string, unknown>>): void => {
    stdout.write(`${JSON.stringify(object, plainValue)}\n`);
  };
  emit({ type: 'start', section });
  return {
    progress: jsonProgress(emit, monotonic),
    warn: (msg) => emit({ type: 'warning', msg }),
    error: (error) => emit(errorObject(error)),
    answer: (answer) => emit({ type: 'result', ...answer.data() }),
    times: (stages, total) => emit({ type: 'time', stages: Object.fromEntries(stages), total }),
    end: (status) => emit({ type: 'end', section, status }),
  };
}

function errorObject({ message, area, code, hint, details, retry }: SwupdError): Record<string, unknown> {
  return { type: 'error', msg: message, area, code, hint, retry, details };
}

function jsonProgress(emit: (object: Record<string, unknown>) => void, now: () => number): Progress {
  const running = new Map<string, { readonly step: Record<string, unknown>; readonly shown: number }>();
  return {
    report: (step) => {
      const last = running.get(step.stage);
      const time = now();
      const due = last === undefined || time - last.shown >= PROGRESS_INTERVAL;
      running.set(step.stage, { step: { ...step }, shown: due ? time : last.shown });
      if (due) emit({ type: 'progress', ...step });
    },
    finish: (stage) => {
      const last = running.get(stage);
      if (last === undefined) return;
      running.delete(stage);
      emit({ type: 'progress', ...last.step, finished: true });
    },
  };
}

/** What JSON has no form for, in one that it has. */
function plainValue(_key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value);
  if (value instanceof Error) return value.message;
  if (value instanceof Map) return Object.fromEntries(value);
  return value instanceof Set ? [...value] : value;
}
