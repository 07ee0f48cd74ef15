import { execFileSync } from 'node:child_process';
import { copyFileSync, globSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Kernel } from './fetch-kernel.ts';

/** In the order in which they need each other. */
const MODULES = [
  'virtio_ring',
  'virtio',
  'virtio_pci_legacy_dev',
  'virtio_pci_modern_dev',
  'virtio_pci',
  'virtio_blk',
];

/**
 * The first program of the machine. Disks: a the system, b the tools, c the orders (a shell script), d room for answers. Lines on the
 * console that begin with @ are for the one who has started the machine.
 */
const INIT = `#!/busybox sh
/busybox mkdir -p /proc /tools
/busybox mount -t devtmpfs none /dev
/busybox mount -t proc none /proc
for module in ${MODULES.join(' ')}; do /busybox insmod /$module.ko; done
/busybox mount -t ext4 -o ro /dev/vdb /tools
/busybox mount -t devtmpfs none /tools/dev
/busybox mount -t proc none /tools/proc
/busybox mount -t sysfs none /tools/sys
/busybox mount -t tmpfs none /tools/tmp
echo @on
/busybox chroot /tools /bin/sh /dev/vdc
/busybox poweroff -f
`;

/** Makes a packed initramfs with busybox and the drivers for virtual disks at `path`. */
export function makeInitramfs(kernel: Kernel, busybox: string, path: string): void {
  const folder = `${path}.tree`;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  copyFileSync(busybox, join(folder, 'busybox'));
  for (const name of MODULES) {
    const [file] = globSync(`kernel/**/${name}.ko`, { cwd: kernel.modules });
    if (file === undefined) throw new Error(`the kernel in ${kernel.modules} has no module ${name}`);
    copyFileSync(join(kernel.modules, file), join(folder, basename(file)));
  }
  writeFileSync(join(folder, 'init'), INIT, { mode: 0o755 });
  const list = ['.', 'busybox', 'init', ...MODULES.map((name) => `${name}.ko`)].join('\n');
  const archive = execFileSync(busybox, ['cpio', '-o', '-H', 'newc'], {
    cwd: folder,
    input: `${list}\n`,
    maxBuffer: 2 ** 30,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  writeFileSync(path, archive);
  rmSync(folder, { recursive: true });
}
