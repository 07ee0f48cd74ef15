import {
  LAYOUT,
  type Mom,
  type MomFiles,
  parseMom,
  type ReleaseRef,
  TrustError,
  verifyMom,
} from '@swupd/manifests';
import { type Digest, LIMITS } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import type { Device } from '../device/device.ts';
import { DeviceError } from '../device-error.ts';
import { fetchBytes, RepositoryError } from '../repository/index.ts';
import type { InstalledRecord } from '../state/installed-record.ts';

/** A build by its verified MoM. */
export interface Release {
  readonly mom: Mom;
  readonly digest: Digest;
}

/**
 * The build that the pointer names. A MoM that the device has already is not fetched again.
 * @throws TrustError `bad-mom-signature`, `mom-mismatch`; DeviceError `mom-unavailable`; FormatError
 */
export async function fetchRelease(device: Device, ref: ReleaseRef): Promise<Release> {
  const known = keptRelease(device, ref);
  return known ?? keep(device, await fetchMom(device, ref.version, ref.size), ref);
}

/**
 * An older build by its number: the pointer doesn't vouch for it, its signature does.
 * @throws as `fetchRelease`; DeviceError `no-such-version`
 */
export async function fetchVersion(device: Device, version: number): Promise<Release> {
  const release = keep(device, await fetchMom(device, version, undefined), undefined);
  if (release.mom.version === version) return release;
  throw new DeviceError(
    'mom-unavailable',
    `the server gives build ${release.mom.version} where build ${version} was asked for`,
    {
      hint: 'The server or a mirror is broken. Try another mirror.',
    },
  );
}

/**
 * The build that is installed, from the state directory, or from the server where it is lost. The record, which this device
 * wrote itself, vouches for it by its digest: whatever has become of keys and expiry dates, it is what is installed.
 * @throws DeviceError `mom-unavailable`, `no-such-version`; FormatError
 */
export async function installedRelease(device: Device): Promise<Release> {
  return recordedRelease(device, device.requireRecord());
}

/** The same for any record of this device. */
export async function recordedRelease(device: Device, record: InstalledRecord): Promise<Release> {
  const files = device.releases.mom(record.mom) ?? (await fetchMom(device, record.version, undefined));
  if (hashContent(files.mom) !== record.mom) {
    throw new DeviceError(
      'mom-unavailable',
      `the MoM of build ${record.version} on the server is not the one that was installed`,
      { hint: 'Check that the server is the one that this system was installed from.' },
    );
  }
  return { mom: parseMom(files.mom), digest: device.releases.keepMom(files) };
}

/** The build as the device has it; undefined where its files are missing or damaged, the signatures among them. */
function keptRelease(device: Device, ref: ReleaseRef): Release | undefined {
  const files = device.releases.mom(ref.digest);
  if (files === undefined) return undefined;
  try {
    return { mom: verifyMom(files, device.trustedRoot(), ref), digest: ref.digest };
  } catch (error) {
    if (error instanceof TrustError && error.code === 'bad-mom-signature') return undefined;
    throw error;
  }
}

function keep(device: Device, files: MomFiles, ref: ReleaseRef | undefined): Release {
  const mom = verifyMom(files, device.trustedRoot(), ref);
  return { mom, digest: device.releases.keepMom(files) };
}

async function fetchMom(device: Device, version: number, size: number | undefined): Promise<MomFiles> {
  try {
    const [mom, signatures] = await Promise.all([
      fetchBytes(device.repository, LAYOUT.mom(version), {
        limit: LIMITS.mom,
        ...(size === undefined ? {} : { size }),
        ...device.stop,
      }),
      fetchBytes(device.repository, LAYOUT.momSignatures(version), {
        limit: LIMITS.metadataFile,
        ...device.stop,
      }),
    ]);
    return { mom, signatures };
  } catch (cause) {
    if (!(cause instanceof RepositoryError) || cause.exit !== 17) throw cause;
    const code = cause.code === 'not-found' && size === undefined ? 'no-such-version' : 'mom-unavailable';
    throw new DeviceError(code, `the MoM of build ${version} can't be had: ${cause.message}`, {
      cause,
      hint: "See what is offered with 'swupd check-update'. Nothing has been changed.",
    });
  }
}
