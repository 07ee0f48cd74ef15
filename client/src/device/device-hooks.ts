import type { DeviceError } from '../device-error.ts';
import type { HookContext } from '../hooks/run-hooks.ts';
import { runHooks } from '../hooks/run-hooks.ts';
import { forgetDueHooks, readDueHooks } from '../state/due-hooks.ts';
import type { HistoryEvent } from '../state/history.ts';
import { noteInHistory } from '../transaction/journal/note-in-history.ts';
import type { Device } from './device.ts';
import { kept } from './kept-settings.ts';

const DEFAULT_SECONDS = 300;
const SECONDS = /^[1-9]\d{0,5}$/;

/** @throws DeviceError `hook-failed` */
export async function runPreUpdate(device: Device, event: HistoryEvent): Promise<void> {
  const context = contextOf(device);
  if (context === undefined) return;
  const [failure] = await runHooks(context, { point: 'pre-update', event, outcome: undefined });
  if (failure !== undefined) throw failure;
}

/** Runs what has become due with a change that is over, this one or one that was cut off. May run again after a cut. */
export async function runDueHooks(device: Device): Promise<void> {
  const context = contextOf(device);
  const due = context === undefined ? undefined : readDueHooks(device.state.top);
  if (context === undefined || due === undefined) return;
  const { event, outcome, points } = due;
  const failures: DeviceError[] = [];
  for (const point of points) failures.push(...(await runHooks(context, { point, event, outcome })));
  for (const failure of failures) {
    noteInHistory(device, { ...event, outcome: 'hook-failed', cut: false, code: failure.code });
    context.port.failed(failure);
  }
  forgetDueHooks(device.state.top);
}

/** undefined where no hooks run. */
function contextOf({ root, options, ports }: Device): HookContext | undefined {
  if (ports.hooks === undefined) return undefined;
  const line = kept(root, 'hook-seconds') ?? '';
  const seconds = SECONDS.test(line) ? Number(line) : DEFAULT_SECONDS;
  return { root, rootPath: options.root, port: ports.hooks, seconds };
}
