import type { Device } from '../device/device.ts';
import { fetchOffers } from '../stages/fetch-offers.ts';
import { findWay } from './find-way.ts';

export interface CheckUpdateResult {
  readonly installed: number;
  readonly newest: number;
  readonly isNewer: boolean;
  readonly channel: string;
  /** Builds that the way to the newest leads through, in their order. */
  readonly stops: readonly number[];
  /** Whether the newest should not wait for a quiet hour, and why it is offered. */
  readonly urgent: boolean;
  readonly reason: string | undefined;
  /** When the server's answer has to be renewed, seconds since 1970. */
  readonly expires: number;
}

/**
 * Asks the server for the newest build of the channel: two small requests where nothing is new.
 * @throws TrustError; RepositoryError; DeviceError `no-way`
 */
export async function checkUpdate(device: Device): Promise<CheckUpdateResult> {
  const installed = device.requireRecord().version;
  const offered = await fetchOffers(device);
  const way = await findWay(offered, installed, undefined);
  const { newest, channel, expires } = offered;
  return {
    installed,
    newest: newest?.version ?? installed,
    isNewer: way.length > 0,
    channel,
    stops: way.slice(0, -1).map(({ version }) => version),
    urgent: newest?.urgent === true,
    reason: newest?.reason,
    expires,
  };
}
