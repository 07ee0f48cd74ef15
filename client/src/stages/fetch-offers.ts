import { loadChannel, refreshTrust } from '@swupd/manifests/trust';
import type { Device } from '../device/device.ts';
import { OfferedBuilds } from './offered-builds.ts';
import { runTrust } from './run-trust.ts';
import { trustInput } from './trust-input.ts';

/**
 * What the repository offers now on the device's channel, verified from the trust anchor on, and kept. Where nothing is new
 * that is two small requests.
 * @throws TrustError; RepositoryError; DeviceError `no-trust-anchor`
 */
export async function fetchOffers(device: Device): Promise<OfferedBuilds> {
  const set = await runTrust(device, refreshTrust(trustInput(device)));
  const { channel } = device;
  return new OfferedBuilds(device, channel, await runTrust(device, loadChannel(set, channel)));
}
