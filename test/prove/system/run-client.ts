import { changeDevice, DeviceError, type Disk, diagnose, info, type Ports, readDevice } from '@swupd/client';
import type { Device } from '../../../client/src/device/device.ts';
import { testPorts } from '../../../client/src/test-support.ts';
import { LOOK_AT_ALL } from '../../support/look-at-all.ts';
import { memoryRepository, type Objects } from './memory-repository.ts';

/** Where the system lies on a model disk, its state directory as on a real device. */
export const ROOT = '/device';
export const STATE = `${ROOT}/var/lib/swupd`;

export type Command = (device: Device) => Promise<unknown>;

/** A disk, and the repository that it updates from. */
export interface Client {
  readonly disk: Disk;
  readonly objects: Objects;
  readonly anchor: Uint8Array;
}

/** Runs a changing command as the program does, from opening the device to closing it, with all that it does before. */
export function change(client: Client, command: Command): Promise<unknown> {
  return changeDevice(portsOf(client), optionsOf(client), command);
}

/** What every changing command does first. */
export function recover(client: Client): Promise<unknown> {
  return change(client, async () => {});
}

/** What `verify` finds, a line each. */
export async function verify(client: Client): Promise<string[]> {
  const { findings } = await readDevice(portsOf(client), optionsOf(client), (device) =>
    diagnose(device, LOOK_AT_ALL),
  );
  return findings.map(({ path, problem }) => `${path} ${problem}`);
}

/** What `info` says is installed; undefined where it says that nothing is. */
export async function installedVersion(client: Client): Promise<number | undefined> {
  try {
    return (await readDevice(portsOf(client), optionsOf(client), info)).version;
  } catch (error) {
    if (error instanceof DeviceError && error.code === 'not-installed') return undefined;
    throw error;
  }
}

function portsOf({ disk, objects }: Client): Ports {
  return testPorts({ disk, parallel: 1, openRepository: () => memoryRepository(objects) });
}

function optionsOf({ anchor }: Client): { root: string; url: string; trustAnchor: Uint8Array } {
  return { root: ROOT, url: 'https://repository.example', trustAnchor: anchor };
}
