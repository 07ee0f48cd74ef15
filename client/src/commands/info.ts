import { SwupdError } from '@swupd/shared';
import type { Device } from '../device/device.ts';
import { rememberedTrust } from '../stages/remembered-trust.ts';
import { keptSpace } from '../system/kept-space.ts';

export interface InfoResult {
  readonly version: number;
  readonly url: string | undefined;
  readonly channel: string;
  readonly root: string;
  readonly bundles: number;
  readonly tracked: number;
  /** What is known of the trust anchor; undefined where there is none. */
  readonly trust:
    | {
        readonly rootVersion: number;
        readonly rootExpires: number;
        /** Of the last answer of the repository. */
        readonly timestampExpires: number | undefined;
      }
    | undefined;
  /** Versions that the device can go back to, the newest first, and the bytes that only they need. */
  readonly kept: { readonly versions: readonly number[]; readonly bytes: number };
}

/** What is installed and where it comes from. Asks nobody. */
export async function info(device: Device): Promise<InfoResult> {
  const record = device.requireRecord();
  return {
    version: record.version,
    url: unlessUnknown(() => device.url),
    channel: device.channel,
    root: device.options.root,
    bundles: record.bundles.length,
    tracked: record.bundles.filter(({ tracked }) => tracked).length,
    trust: trustOf(device),
    kept: keptSpace(device),
  };
}

function trustOf(device: Device): InfoResult['trust'] {
  const set = unlessUnknown(() => rememberedTrust(device));
  if (set === undefined) return undefined;
  const { root, timestamp } = set;
  return { rootVersion: root.version, rootExpires: root.expires, timestampExpires: timestamp?.expires };
}

const UNKNOWN = ['no-url', 'no-trust-anchor', 'bad-root'];

function unlessUnknown<T>(value: () => T): T | undefined {
  try {
    return value();
  } catch (error) {
    if (error instanceof SwupdError && UNKNOWN.includes(error.code)) return undefined;
    throw error;
  }
}
