import type { Device } from '../device/device.ts';
import { runDueHooks, runPreUpdate } from '../device/device-hooks.ts';
import type { HookPoint } from '../state/due-hooks.ts';
import { noteDueHooks } from '../state/due-hooks.ts';
import type { HistoryEvent } from '../state/history.ts';
import type { InstalledRecord } from '../state/installed-record.ts';
import { codeOf, noteInHistory } from '../transaction/journal/note-in-history.ts';
import { runTransaction, type TransactionResult } from '../transaction/transaction.ts';
import type { Retention } from './plan-retention.ts';
import type { PlannedChange } from './plan-system.ts';

export interface TransactInput {
  readonly planned: PlannedChange;
  readonly record: InstalledRecord;
  readonly retention: Retention;
  readonly event: HistoryEvent;
}

/** The transaction between its hooks. Those after it run whatever comes of it: they may have to undo what those before did. */
export async function transact(device: Device, input: TransactInput): Promise<TransactionResult> {
  const { planned, record, retention, event } = input;
  const { plan } = planned;
  const { keep, previous } = retention;
  const hooks = device.ports.hooks === undefined ? [] : pointsAfter(planned);
  try {
    await preUpdate(device, event, hooks);
    return runTransaction(device, { plan, record, keep, previous, event, hooks });
  } finally {
    await runDueHooks(device);
  }
}

async function preUpdate(device: Device, event: HistoryEvent, hooks: readonly HookPoint[]): Promise<void> {
  try {
    await runPreUpdate(device, event);
  } catch (cause) {
    noteInHistory(device, { ...event, outcome: 'failed', cut: false, code: codeOf(cause) });
    noteDueHooks(device.state.top, { event, outcome: 'failed', points: hooks });
    throw cause;
  }
}

/** Boot hooks run where boot files change. */
function pointsAfter({ plan, installedTree }: PlannedChange): HookPoint[] {
  const isBoot =
    plan.steps.some(({ entry }) => entry.pathClass === 'boot') ||
    plan.removals.some(({ path }) => installedTree.get(path)?.pathClass === 'boot');
  return isBoot ? ['boot', 'post-update'] : ['post-update'];
}
