import type { Device } from '../device/device.ts';
import { fetchPointer } from '../stages/fetch-pointer.ts';

export interface CheckUpdateResult {
  readonly installed: number;
  readonly newest: number;
  readonly isNewer: boolean;
  /** When the server's answer has to be renewed, seconds since 1970. */
  readonly expires: number;
}

/** Asks the server for its newest build: one small request. */
export async function checkUpdate(device: Device): Promise<CheckUpdateResult> {
  const installed = device.requireRecord().version;
  const { release, expires } = await fetchPointer(device);
  return { installed, newest: release.version, isNewer: release.version > installed, expires };
}
