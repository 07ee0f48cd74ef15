import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** Small, and with drivers for virtual machines only. */
const META_PACKAGE = 'linux-image-cloud-amd64';

export interface Kernel {
  readonly image: string;
  /** `/lib/modules/VERSION` of the package. */
  readonly modules: string;
}

/**
 * Debian's kernel, unpacked below `folder` and kept there. Nothing is installed on this machine.
 * @throws Error where apt can't give it
 */
export function fetchKernel(folder: string): Kernel {
  const unpacked = join(folder, 'kernel');
  if (!existsSync(unpacked)) unpackKernel(folder, unpacked);
  const [image] = readdirSync(join(unpacked, 'boot')).filter((name) => name.startsWith('vmlinuz-'));
  if (image === undefined) throw new Error(`${unpacked} has no kernel; remove it, and it is fetched again`);
  return {
    image: join(unpacked, 'boot', image),
    modules: join(unpacked, 'lib/modules', image.slice('vmlinuz-'.length)),
  };
}

function unpackKernel(folder: string, unpacked: string): void {
  const download = join(folder, 'download');
  rmSync(download, { recursive: true, force: true });
  mkdirSync(download, { recursive: true });
  const name = kernelPackage();
  execFileSync('apt-get', ['download', name], { cwd: download, stdio: ['ignore', 'ignore', 'pipe'] });
  const [file] = readdirSync(download);
  if (file === undefined) throw new Error(`apt-get has not downloaded ${name}`);
  execFileSync('dpkg-deb', ['-x', join(download, file), join(download, 'tree')]);
  renameSync(join(download, 'tree'), unpacked);
  rmSync(download, { recursive: true });
}

/** The package that the newest version of the meta package depends on. */
function kernelPackage(): string {
  const text = execFileSync('apt-cache', ['depends', META_PACKAGE], { encoding: 'utf8' });
  const [, name] = /Depends: (linux-image-\S+)/.exec(text) ?? [];
  if (name === undefined) {
    throw new Error(`apt knows no ${META_PACKAGE}; run 'apt-get update' on a Debian for amd64`);
  }
  return name;
}
