import type { Device } from '../device/device.ts';
import { changeSystem } from '../system/change-system.ts';
import { type DiagnoseOptions, type DiagnoseResult, diagnoseSystem } from './diagnose.ts';
import { type CommandOutcome, outcomeOf } from './outcome.ts';

export interface RepairOptions extends DiagnoseOptions {
  readonly dryRun: boolean;
}

export interface RepairResult extends DiagnoseResult {
  readonly outcome: CommandOutcome;
}

/** Carries out what `diagnose` finds: afterwards it finds nothing. */
export async function repair(device: Device, options: RepairOptions): Promise<RepairResult> {
  const { result, system, change, planned } = await diagnoseSystem(device, options);
  const outcome = await changeSystem(device, {
    change,
    planned,
    record: system.record,
    command: 'repair',
    dryRun: options.dryRun,
  });
  return { ...result, outcome: outcomeOf(device, outcome, options.dryRun) };
}
