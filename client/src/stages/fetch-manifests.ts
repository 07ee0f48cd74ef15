import {
  applyDifference,
  type DocumentRef,
  findBundle,
  LAYOUT,
  type Manifest,
  type MomBundle,
  parseManifest,
} from '@swupd/manifests';
import { type BundleName, decompressFrame, SwupdError } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import type { Device } from '../device/device.ts';
import { DeviceError } from '../device-error.ts';
import { fetchBytes, RepositoryError } from '../repository/index.ts';
import type { Release } from './fetch-release.ts';

/** Manifests of some bundles of one build, by name. */
export type BundleManifests = ReadonlyMap<BundleName, Manifest>;

/** A build with the manifests of the bundles that the device has of it. */
export interface KnownRelease extends Release {
  readonly manifests: BundleManifests;
}

/**
 * The manifests of `names` in `release`: from the state directory, as the difference to a manifest that the device has, or
 * whole. All are verified by digest and size before they are parsed.
 * @throws DeviceError `manifest-unavailable`; FormatError
 */
export async function fetchManifests(
  device: Device,
  release: Release,
  names: readonly BundleName[],
  installed?: KnownRelease,
): Promise<KnownRelease> {
  const manifests = await Promise.all(
    names.map(async (name): Promise<[BundleName, Manifest]> => {
      const bundle = findBundle(release.mom, name);
      const before = installed === undefined ? undefined : priorOf(installed, name);
      return [name, await fetchManifest(device, bundle, before)];
    }),
  );
  return { ...release, manifests: new Map(manifests) };
}

/** The verified plain bytes of a document of the repository. */
export async function fetchDocument(device: Device, ref: DocumentRef): Promise<Uint8Array> {
  const stored = await fetchBytes(device.repository, LAYOUT.document(ref.digest), {
    limit: ref.storedSize,
    size: ref.storedSize,
    ...device.stop,
  });
  if (hashContent(stored) !== ref.storedDigest) {
    throw new DeviceError(
      'manifest-unavailable',
      `the document ${ref.digest} on the server has other bytes than its build announces`,
      {
        details: { document: ref.digest },
        hint: 'The server or a mirror is broken, or somebody has changed it. Nothing has been changed on this device.',
      },
    );
  }
  return decompressFrame(stored, ref.size);
}

interface Prior {
  readonly bundle: MomBundle;
  readonly manifest: Manifest;
}

function priorOf(installed: KnownRelease, name: BundleName): Prior | undefined {
  const manifest = installed.manifests.get(name);
  return manifest === undefined ? undefined : { bundle: findBundle(installed.mom, name), manifest };
}

async function fetchManifest(
  device: Device,
  bundle: MomBundle,
  before: Prior | undefined,
): Promise<Manifest> {
  if (before?.bundle.manifest.digest === bundle.manifest.digest) return before.manifest;
  const kept = device.releases.document(bundle.manifest);
  const manifest =
    kept !== undefined
      ? parseManifest(kept)
      : ((await fetchByDifference(device, bundle, before)) ?? (await fetchWhole(device, bundle)));
  if (manifest.bundle === bundle.name && manifest.version === bundle.version) return manifest;
  throw new DeviceError(
    'manifest-unavailable',
    `the manifest that build announces for ${bundle.name} is one of ${manifest.bundle}, version ${manifest.version}`,
    {
      hint: 'The build is faulty; tell whoever publishes it. Nothing has been changed on this device.',
    },
  );
}

/** A difference that fails for whatever reason costs a few bytes; the whole manifest follows. */
async function fetchByDifference(
  device: Device,
  bundle: MomBundle,
  before: Prior | undefined,
): Promise<Manifest | undefined> {
  const difference = bundle.differences.find(({ from }) => from === before?.bundle.version);
  if (difference === undefined || before === undefined) return undefined;
  try {
    const document = await fetchDocument(device, difference.document);
    const made = applyDifference(
      { manifest: before.manifest, digest: before.bundle.manifest.digest },
      document,
    );
    if (hashContent(made.bytes) !== bundle.manifest.digest) return undefined;
    device.releases.keepPlainDocument(bundle.manifest, made.bytes);
    return made.manifest;
  } catch {
    return undefined;
  }
}

async function fetchWhole(device: Device, bundle: MomBundle): Promise<Manifest> {
  try {
    const plain = await fetchDocument(device, bundle.manifest);
    if (hashContent(plain) !== bundle.manifest.digest)
      throw new RangeError('its plain bytes have another digest than announced');
    device.releases.keepPlainDocument(bundle.manifest, plain);
    return parseManifest(plain);
  } catch (cause) {
    if (cause instanceof SwupdError && !(cause instanceof RepositoryError && cause.exit === 17)) throw cause;
    throw new DeviceError(
      'manifest-unavailable',
      `the manifest of ${bundle.name} can't be had: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
        details: { bundle: bundle.name },
        hint: 'Nothing has been changed. Try again later, or from another mirror.',
      },
    );
  }
}
