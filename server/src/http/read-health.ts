import { access, constants, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LAYOUT, parseEnvelope } from '@swupd/manifests';

/** `version` is the newest build; null before the first. */
export type Health =
  | { readonly status: 'ok'; readonly version: number | null }
  | { readonly status: 'unavailable' };

/** Whether `repository` can be served, and what it offers. Reads the pointer without judging its signature: that is for devices. */
export async function readHealth(repository: string): Promise<Health> {
  if (!(await isRepository(repository))) return { status: 'unavailable' };
  let bytes: Buffer;
  try {
    bytes = await readFile(join(repository, LAYOUT.pointer));
  } catch (error) {
    const unborn = (error as NodeJS.ErrnoException).code === 'ENOENT';
    return unborn ? { status: 'ok', version: null } : { status: 'unavailable' };
  }
  const version = newestBuild(bytes);
  return version === undefined ? { status: 'unavailable' } : { status: 'ok', version };
}

/** Whether `folder` is a repository: it has a trust anchor that can be read. */
export async function isRepository(folder: string): Promise<boolean> {
  return access(join(folder, LAYOUT.root(1)), constants.R_OK).then(
    () => true,
    () => false,
  );
}

/** The pointer names one file, with the build as its version (TUF 4.6). */
function newestBuild(pointer: Uint8Array): number | undefined {
  const meta = parseEnvelope(pointer)?.signed.meta;
  if (typeof meta !== 'object' || meta === null) return undefined;
  const release: unknown = Object.values(meta)[0];
  if (typeof release !== 'object' || release === null || !('version' in release)) return undefined;
  return typeof release.version === 'number' ? release.version : undefined;
}
