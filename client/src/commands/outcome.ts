import type { Device } from '../device/device.ts';
import type { ChangeOutcome } from '../system/change-system.ts';

/** What a changing command has done, or would do. */
export interface CommandOutcome extends ChangeOutcome {
  readonly dryRun: boolean;
  /** What really went over the wire, metadata included. */
  readonly transferred: { readonly requests: number; readonly bytes: number };
}

export function outcomeOf(device: Device, change: ChangeOutcome, dryRun: boolean): CommandOutcome {
  return { ...change, dryRun, transferred: { ...device.transferred } };
}
