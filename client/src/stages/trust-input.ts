import { parseMom } from '@swupd/manifests';
import { parseEnvelope, parseTime, type RefreshInput } from '@swupd/manifests/trust';
import type { Device } from '../device/device.ts';

/** What a workflow of trust begins with on this device. @throws DeviceError `no-trust-anchor` */
export function trustInput(device: Device): RefreshInput {
  const { root } = device.trust;
  const built = installedTime(device);
  const floor = built !== undefined && built < endOf(root) ? built : undefined;
  return { root, clock: device.ports.now(), ...(floor === undefined ? {} : { floor }) };
}

/**
 * When the installed build was made, seconds since 1970: a time that is over for sure. undefined where it is not known. What
 * the repository said last of the time is a floor as well, and the workflow's business.
 */
export function installedTime({ releases, soundRecord }: Device): number | undefined {
  const files = soundRecord === undefined ? undefined : releases.mom(soundRecord.mom);
  return files === undefined ? undefined : parseMom(files.mom).time;
}

/**
 * When a root expires. No honest build is younger than the root by which it was offered: one that is comes from a machine whose
 * clock was ahead, and as a floor it would keep the device from updates for as long.
 */
function endOf(root: Uint8Array): number {
  return parseTime(parseEnvelope(root)?.signed.expires) ?? 0;
}
