import { LAYOUT, type Mom, type ObjectName, parseMom } from '@swupd/manifests';
import { isMomSigned, type MomFiles, type Offer, type RoleKeys, verifyMom } from '@swupd/manifests/trust';
import { type Digest, LIMITS } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import type { Device } from '../device/device.ts';
import { DeviceError } from '../device-error.ts';
import { fetchBytes, hasCode, RepositoryError } from '../repository/index.ts';
import type { InstalledRecord } from '../state/installed-record.ts';
import type { OfferedBuilds } from './offered-builds.ts';

/** A build by its verified MoM. */
export interface Release {
  readonly mom: Mom;
  readonly digest: Digest;
}

/**
 * A build that is offered: CI has signed its MoM, and the channel names just these bytes. A MoM that the device has already is
 * not fetched again.
 * @throws TrustError `bad-mom-signature`, `mom-mismatch`; DeviceError `mom-unavailable`; FormatError
 */
export async function fetchRelease(
  device: Device,
  { buildKeys }: Pick<OfferedBuilds, 'buildKeys'>,
  offer: Offer,
): Promise<Release> {
  const kept = device.releases.mom(offer.digest);
  const isKept = kept !== undefined && isMomSigned(kept, buildKeys);
  const files = isKept ? kept : await fetchSigned(device, offer, { keys: buildKeys, mom: kept?.mom });
  const mom = verifyMom(files, buildKeys, offer);
  return { mom, digest: device.releases.keepMom(files) };
}

/**
 * The offered build of that number, or the newest.
 * @throws as `fetchRelease`; DeviceError `no-such-version`
 */
export async function fetchOffered(
  device: Device,
  offered: OfferedBuilds,
  version: number | undefined,
): Promise<Release> {
  const offer = version === undefined ? offered.newest : await offered.find(version);
  if (offer !== undefined) return fetchRelease(device, offered, offer);
  const what = version === undefined ? 'a build' : `build ${version}`;
  throw new DeviceError('no-such-version', `the channel '${offered.channel}' does not offer ${what}`, {
    details: { version, channel: offered.channel },
    hint: "See what is offered with 'swupd check-update'.",
  });
}

/**
 * The build of a record of this device, from the state directory, or from the server where it is lost. The record, which this
 * device wrote itself, vouches for it by its digest: whatever has become of keys and expiry dates, it is what was installed.
 * @throws DeviceError `mom-unavailable`; FormatError
 */
export async function recordedRelease(device: Device, record: InstalledRecord): Promise<Release> {
  const kept = device.releases.mom(record.mom);
  const mom = kept?.mom ?? (await fetchMom(device, LAYOUT.mom(record.version), { version: record.version }));
  if (hashContent(mom) !== record.mom) {
    throw new DeviceError(
      'mom-unavailable',
      `the MoM of build ${record.version} on the server is not the one that was installed`,
      { hint: 'Check that the server is the one that this system was installed from.' },
    );
  }
  return { mom: parseMom(mom), digest: device.releases.keepMom(kept ?? { mom, signatures: [] }) };
}

/** The same for the build that is installed. @throws as `recordedRelease`; DeviceError `not-installed` */
export async function installedRelease(device: Device): Promise<Release> {
  return recordedRelease(device, device.requireRecord());
}

/** The MoM with signatures: those of the first keys, and of further ones as long as there are not enough good ones. */
async function fetchSigned(
  device: Device,
  { channel, version, digest, size }: Offer,
  { keys, mom: kept }: { readonly keys: RoleKeys; readonly mom: Uint8Array | undefined },
): Promise<MomFiles> {
  const ids = [...keys.keys.keys()];
  const [mom, ...first] = await Promise.all([
    kept ?? fetchMom(device, LAYOUT.momTarget(channel, version, digest), { version, size }),
    ...ids.slice(0, keys.threshold).map((id) => fetchSignature(device, version, id)),
  ]);
  const signatures = first.filter((one) => one !== undefined);
  for (const id of ids.slice(keys.threshold)) {
    if (isMomSigned({ mom, signatures }, keys)) break;
    const signature = await fetchSignature(device, version, id);
    if (signature !== undefined) signatures.push(signature);
  }
  return { mom, signatures };
}

interface MomRef {
  readonly version: number;
  /** Bytes; undefined where it is not known. */
  readonly size?: number;
}

async function fetchMom(device: Device, name: ObjectName, { version, size }: MomRef): Promise<Uint8Array> {
  try {
    return await fetchBytes(device.repository, name, {
      limit: LIMITS.mom,
      ...(size === undefined ? {} : { size }),
      ...device.stop,
    });
  } catch (cause) {
    if (!(cause instanceof RepositoryError) || cause.exit !== 17) throw cause;
    throw new DeviceError('mom-unavailable', `the MoM of build ${version} can't be had: ${cause.message}`, {
      cause,
      hint: "See what is offered with 'swupd check-update'. Nothing has been changed.",
    });
  }
}

/** The signature of one build key; undefined where that key has not signed. */
async function fetchSignature(
  device: Device,
  version: number,
  keyid: string,
): Promise<Uint8Array | undefined> {
  try {
    const limit = LIMITS.signatureFile;
    return await fetchBytes(device.repository, LAYOUT.momSignature(version, keyid), {
      limit,
      ...device.stop,
    });
  } catch (error) {
    if (hasCode(error, 'not-found')) return undefined;
    throw error;
  }
}
