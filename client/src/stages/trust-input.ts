import { parseMom } from '@swupd/manifests';
import type { RefreshInput } from '@swupd/manifests/trust';
import type { Device } from '../device/device.ts';

/** What a workflow of trust begins with on this device. @throws DeviceError `no-trust-anchor` */
export function trustInput(device: Device): RefreshInput {
  const floor = installedTime(device);
  return {
    root: device.trust.root,
    clock: device.ports.now(),
    ...(floor === undefined ? {} : { floor }),
  };
}

/**
 * When the installed build was made, seconds since 1970: a time that is over for sure. undefined where it is not known. What
 * the repository said last of the time is a floor as well, and the workflow's business.
 */
export function installedTime({ releases, soundRecord }: Device): number | undefined {
  const files = soundRecord === undefined ? undefined : releases.mom(soundRecord.mom);
  return files === undefined ? undefined : parseMom(files.mom).time;
}
