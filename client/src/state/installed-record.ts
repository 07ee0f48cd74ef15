import { type BundleName, type Digest, isBundleName, isDigest } from '@swupd/shared';
import { z } from 'zod';
import { DeviceError } from '../device-error.ts';
import { type Directory, readWhole, replaceFile } from '../disk/index.ts';

/** What is installed. Changes at commit, and only there. */
export interface InstalledRecord {
  readonly format: 1;
  readonly version: number;
  /** Digest of the MoM that describes it, kept in the state directory. */
  readonly mom: Digest;
  /** Sorted by name. Tracked: asked for by the user. Not tracked: came along as a dependency. */
  readonly bundles: readonly { readonly name: BundleName; readonly tracked: boolean }[];
  /** Where it came from. */
  readonly url: string;
  /** The channel that it follows; records of before there were channels have none. */
  readonly channel?: string | undefined;
}

const FILE = 'installed.json';

/** What the file has to look like. */
export const INSTALLED_RECORD = z.object({
  format: z.literal(1),
  version: z.int().positive(),
  mom: z.string().refine(isDigest),
  bundles: z.array(z.object({ name: z.string().refine(isBundleName), tracked: z.boolean() })),
  url: z.string(),
  channel: z.string().optional(),
});

/** @throws DeviceError `bad-state` */
export function readInstalledRecord(state: Directory): InstalledRecord | undefined {
  const bytes = readWhole(state, FILE);
  if (bytes === undefined) return undefined;
  try {
    return INSTALLED_RECORD.parse(JSON.parse(bytes.toString('utf8'))) as InstalledRecord;
  } catch (cause) {
    throw new DeviceError('bad-state', `the installed record ${FILE} is damaged`, {
      cause,
      hint: "Install again over the same root with 'swupd os-install --force'; files that are right are kept.",
    });
  }
}

export function writeInstalledRecord(state: Directory, record: InstalledRecord): void {
  replaceFile(state, FILE, formatRecord(record));
}

/** Notes the channel of a device that has nothing new to install from it. */
export function keepChannel(state: Directory, record: InstalledRecord, channel: string): void {
  if (record.channel !== channel) writeInstalledRecord(state, { ...record, channel });
}

/** Whether the installed record is just this one. */
export function isInstalled(state: Directory, record: InstalledRecord): boolean {
  return readWhole(state, FILE)?.equals(formatRecord(record)) === true;
}

function formatRecord(record: InstalledRecord): Buffer {
  const bundles = [...record.bundles].sort((a, b) => (a.name < b.name ? -1 : 1));
  return Buffer.from(`${JSON.stringify({ ...record, bundles }, null, 2)}\n`);
}
