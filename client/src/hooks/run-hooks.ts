import { displayText } from '@swupd/shared';
import { DeviceError } from '../device-error.ts';
import type { Directory } from '../disk/index.ts';
import type { HookPoint } from '../state/due-hooks.ts';
import type { HistoryEvent } from '../state/history.ts';
import { type Hook, openHooks } from './find-hooks.ts';
import type { HookPort, ProgramEnd } from './hook-port.ts';

/** Where hooks run, and for how long each may. */
export interface HookContext {
  readonly root: Directory;
  /** Path of the root, for the hooks to know. */
  readonly rootPath: string;
  readonly port: HookPort;
  readonly seconds: number;
}

export interface HookOccasion {
  readonly point: HookPoint;
  readonly event: HistoryEvent;
  /** What has come of the change; undefined before it. */
  readonly outcome: string | undefined;
}

/**
 * Runs the hooks of a point, one after the other. Before a change the first failure ends it; after one all have their turn.
 * @returns what has failed
 */
export async function runHooks(context: HookContext, occasion: HookOccasion): Promise<DeviceError[]> {
  using open = openHooks(context.root, occasion.point);
  const failures: DeviceError[] = [];
  for (const hook of open.hooks) {
    const end = await runHook(hook, context, occasion);
    if (end.exit === 0) continue;
    failures.push(failureOf(hook, end, context.seconds));
    if (occasion.point === 'pre-update') break;
  }
  return failures;
}

/** Only what is said here: nothing of the environment of whoever runs swupd. */
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

async function runHook(
  { problem, path }: Hook,
  { rootPath, port, seconds }: HookContext,
  { point, event, outcome }: HookOccasion,
): Promise<ProgramEnd> {
  if (problem !== undefined) return { exit: undefined, reason: problem, timedOut: false, output: '' };
  const env = {
    PATH,
    SWUPD_HOOK: point,
    SWUPD_COMMAND: event.command,
    SWUPD_FROM: event.from === null ? '' : String(event.from),
    SWUPD_TO: String(event.to),
    SWUPD_ROOT: rootPath,
    ...(outcome === undefined ? {} : { SWUPD_OUTCOME: outcome }),
  };
  return port.run({ path, env, seconds });
}

function failureOf({ point, name }: Hook, end: ProgramEnd, seconds: number): DeviceError {
  const { exit, reason, timedOut, output } = end;
  const why = timedOut ? `stopped after ${seconds} s` : (reason ?? `exit code ${exit}`);
  const hook = `${point}/${displayText(name)}`;
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  const isBefore = point === 'pre-update';
  return new DeviceError(
    isBefore ? 'hook-failed' : 'hook-failed-after',
    `the hook ${hook} has failed (${why})${last === '' ? '' : `: ${last}`}`,
    {
      details: { hook, exit, reason, timedOut, output },
      hint: isBefore
        ? 'Nothing has been changed. Put right what the hook complains about, or pass --no-scripts to go without hooks.'
        : 'The system itself is as the command says. Put right what the hook complains about, and run it by hand.',
    },
  );
}
