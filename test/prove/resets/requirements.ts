import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Programs that a reset needs, and the packages of Debian 12 that have them. */
const PROGRAMS: Readonly<Record<string, string>> = {
  'qemu-system-x86_64': 'qemu-system-x86',
  busybox: 'busybox-static',
  'mkfs.ext4': 'e2fsprogs',
  setpriv: 'util-linux',
  tar: 'tar',
  ldd: 'libc-bin',
  'apt-get': 'apt',
  'apt-cache': 'apt',
  'dpkg-deb': 'dpkg',
};

/** Programs for administrators are in folders that others don't have in their path. */
const FOLDERS = [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin', '/sbin'];

/** The environment in which all of them are found. */
export const TOOLS_ENV: Readonly<Record<string, string>> = { PATH: FOLDERS.join(delimiter) };

/** @throws Error that names the packages to install */
export function demandPrograms(): void {
  const missing = Object.keys(PROGRAMS).filter((name) => pathOf(name) === undefined);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((name) => PROGRAMS[name]))];
  throw new Error(
    `resets of a virtual machine need ${missing.join(', ')}; on Debian: apt-get install --no-install-recommends ${packages.join(' ')}`,
  );
}

/** @throws Error where there is no such program */
export function demandPath(name: string): string {
  const path = pathOf(name);
  if (path === undefined) throw new Error(`there is no program ${name}`);
  return path;
}

function pathOf(name: string): string | undefined {
  return FOLDERS.map((folder) => join(folder, name)).find(canRun);
}

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
