import {
  type ChannelPage,
  driveTrust,
  loadChannel,
  rememberTrust,
  TrustError,
  type TrustedSet,
  type TrustRun,
} from '@swupd/manifests/trust';
import type { Device } from '../device/device.ts';
import { trustInput } from './trust-input.ts';

/** What the device trusts without asking anybody, expired or not. @throws DeviceError `no-trust-anchor`; TrustError `bad-root` */
export function rememberedTrust(device: Device): TrustedSet {
  return recall(device, rememberTrust(trustInput(device)));
}

/** The newest page of a channel that the device has kept, expired or not; undefined where it has none. */
export function rememberedChannel(device: Device, set: TrustedSet, channel: string): ChannelPage | undefined {
  try {
    // Nothing expires before the epoch.
    return recall(device, loadChannel({ ...set, now: 0 }, channel));
  } catch (error) {
    if (error instanceof TrustError) return undefined;
    throw error;
  }
}

/** Nothing is fetched, and nothing that is not there already can be kept. */
function recall<T>({ trust }: Device, run: TrustRun<T>): T {
  return driveTrust(run, ({ kind, role }) => (kind === 'load' ? trust.load(role) : undefined));
}
