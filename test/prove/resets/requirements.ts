import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that a reset needs, and the packages of Debian 12 that have them. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'qemu-system-x86_64': 'qemu-system-x86',
  busybox: 'busybox-static',
  'mkfs.ext4': 'e2fsprogs',
  tar: 'tar',
  ldd: 'libc-bin',
  'apt-get': 'apt',
  'apt-cache': 'apt',
  'dpkg-deb': 'dpkg',
};

/** With the folders of programs for administrators, which others don't have in their path. */
export function toolPath(path: string): string {
  return [path, '/usr/sbin', '/sbin'].join(delimiter);
}

/**
 * @param path names of folders, as in PATH
 * @throws Error that names the packages to install
 */
export function demandPrograms(path: string): void {
  const folders = path.split(delimiter);
  const missing = Object.keys(PROGRAMS).filter(
    (name) => !folders.some((folder) => canRun(join(folder, name))),
  );
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((name) => PROGRAMS[name]))];
  throw new Error(
    `resets of a virtual machine need ${missing.join(', ')}; on Debian: apt-get install --no-install-recommends ${packages.join(' ')}`,
  );
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
