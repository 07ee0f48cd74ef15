import { errnoOf } from '../disk/index.ts';
import { takeLock } from '../state/state-lock.ts';
import { finishInterrupted, type Recovery } from '../transaction/finish-interrupted.ts';
import { hasJournal } from '../transaction/journal/journal.ts';
import { Device } from './device.ts';
import { runDueHooks } from './device-hooks.ts';
import type { DeviceOptions, Ports } from './ports.ts';

/** Opens the device for a command that changes nothing, and closes it afterwards. Any number may run at a time. */
export async function readDevice<T>(
  ports: Ports,
  options: DeviceOptions,
  command: (device: Device) => Promise<T>,
): Promise<T> {
  const device = new Device(ports, options, false);
  try {
    if (hasJournal(device.state.top)) {
      ports.warn(
        "An earlier command was cut off in the middle of its changes. 'swupd recover', or the next changing command, finishes them.",
      );
    }
    return await command(device);
  } finally {
    await device.close();
  }
}

/**
 * Opens the device for a changing command: one at a time, and after what an earlier one has left unfinished. Without `create`
 * a missing state directory is not made, for commands that need a system.
 */
export async function changeDevice<T>(
  ports: Ports,
  options: DeviceOptions,
  command: (device: Device, recovery: Recovery) => Promise<T>,
  { create = true }: { readonly create?: boolean } = {},
): Promise<T> {
  const device = new Device(ports, options, create);
  try {
    const unlock = takeLock(device.state.top, ports.processes);
    try {
      const recovery = finishInterrupted(device);
      const said = RECOVERIES[recovery];
      if (said !== undefined) ports.warn(said);
      await runDueHooks(device);
      const result = await command(device, recovery);
      device.trust.settle();
      return result;
    } finally {
      giveBack(unlock);
    }
  } finally {
    await device.close();
  }
}

/** A lock that can't be given back is nobody's as soon as this process has ended, and hides no error of the command. */
function giveBack(unlock: () => void): void {
  try {
    unlock();
  } catch (error) {
    if (errnoOf(error) === undefined) throw error;
  }
}

const RECOVERIES: Readonly<Partial<Record<Recovery, string>>> = {
  finished: 'Finished the changes of an earlier command that was cut off.',
  'taken-back': 'Took back the changes of an earlier command that was cut off.',
};
