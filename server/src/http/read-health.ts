import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LAYOUT, type ObjectName } from '@swupd/manifests';
import {
  type Envelope,
  offersOf,
  PRODUCTION,
  parseEnvelope,
  readSnapshot,
  readTargets,
  readTimestamp,
} from '@swupd/manifests/trust';
import { metadataObject } from '../repository/metadata-object.ts';

/** `version` is the newest build that the channel `stable` offers; null before the first. */
export type Health =
  | { readonly status: 'ok'; readonly version: number | null }
  | { readonly status: 'unavailable' };

const CHANNEL = 'stable';

/**
 * Whether `repository` can be served, and what it offers. Follows the metadata from the timestamp on without judging signatures
 * and expiry: that is for devices.
 */
export async function readHealth(repository: string): Promise<Health> {
  if (!(await isRepository(repository))) return { status: 'unavailable' };
  try {
    return { status: 'ok', version: await newestBuild(repository) };
  } catch {
    return { status: 'unavailable' };
  }
}

/** Whether `folder` is a repository: it has a trust anchor that can be read. */
export async function isRepository(folder: string): Promise<boolean> {
  return access(join(folder, LAYOUT.root(1)), constants.R_OK).then(
    () => true,
    () => false,
  );
}

/** @throws the system's error, or TrustError, where a file that another one names is missing or malformed */
async function newestBuild(repository: string): Promise<number | null> {
  const { snapshot } = readTimestamp(...(await readSigned(repository, LAYOUT.timestamp)));
  const { meta } = readSnapshot(
    ...(await readSigned(repository, metadataObject('snapshot', snapshot.version))),
  );
  const channel = meta.get(CHANNEL);
  if (channel === undefined) return null;
  const [envelope, bytes] = await readSigned(repository, metadataObject(CHANNEL, channel.version));
  const page = readTargets(envelope, { bytes, role: CHANNEL, policy: PRODUCTION });
  return offersOf(page, CHANNEL).at(-1)?.version ?? null;
}

async function readSigned(
  repository: string,
  name: ObjectName,
): Promise<[envelope: Envelope, bytes: Uint8Array]> {
  const bytes = await readFile(join(repository, name));
  const envelope = parseEnvelope(bytes);
  if (envelope === undefined) throw new TypeError(`${name} is no signed metadata`);
  return [envelope, bytes];
}
