import { execFileSync } from 'node:child_process';
import { accessSync, constants, mkdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { SOURCES } from '../device/scenarios.ts';
import type { Workshop } from '../device/workshop.ts';
import { fetchKernel } from './fetch-kernel.ts';
import { type Accelerator, type Hardware, Machine } from './machine.ts';
import { makeInitramfs } from './make-initramfs.ts';
import { GUEST, makeToolsImage } from './make-tools-image.ts';
import { demandPath, TOOLS_ENV } from './requirements.ts';
import { SECTOR, VolatileDisk } from './volatile-disk.ts';

/** What is fetched once stays here. */
const CACHE = fileURLToPath(new URL('../../.cache/resets/', import.meta.url));

/** A machine with hardware support is up in a second or two. Milliseconds. */
const KVM_TIME = 15_000;

/** Makes what all machines of a run boot from, in the workshop's folder. */
export async function prepareMachine(workshop: Workshop): Promise<Hardware> {
  mkdirSync(CACHE, { recursive: true });
  const kernel = fetchKernel(CACHE);
  const busybox = demandPath('busybox');
  const [initramfs, tools] = [workshop.folder('initramfs'), workshop.folder('tools.img')];
  makeInitramfs(kernel, busybox, initramfs);
  const repositories = SOURCES.map(
    (source) => [`repository-${source}`, workshop.repositoryFor(source)] as const,
  );
  makeToolsImage(tools, {
    busybox,
    more: { ...Object.fromEntries(repositories), [GUEST.anchor]: workshop.anchor },
  });
  const hardware = { kernel: kernel.image, initramfs, tools };
  return { ...hardware, accelerator: await chooseAccelerator(hardware, workshop.makeFolder('accelerator')) };
}

/** KVM where it works: the device may be there, and a machine on it may hang or end at once all the same. */
async function chooseAccelerator(
  hardware: Omit<Hardware, 'accelerator'>,
  folder: string,
): Promise<Accelerator> {
  try {
    accessSync('/dev/kvm', constants.R_OK | constants.W_OK);
  } catch {
    return 'tcg';
  }
  let timer: NodeJS.Timeout | undefined;
  const { messages } = await Machine.boot(
    { ...hardware, accelerator: 'kvm' },
    {
      disk: new VolatileDisk(Buffer.alloc(2 ** 20)),
      orders: 'echo @up\n',
      folder,
      onStart: (machine) => {
        timer = setTimeout(() => machine.reset(), KVM_TIME);
      },
    },
  );
  clearTimeout(timer);
  return messages.includes('up') ? 'kvm' : 'tcg';
}

/** The folder as an ext4 file system with a journal. */
export function makeSystemImage(folder: string, path: string): Buffer {
  const options = ['-E', 'lazy_itable_init=0,lazy_journal_init=0,root_owner=0:0', '-b', String(SECTOR)];
  execFileSync('mkfs.ext4', ['-q', '-F', ...options, '-d', folder, path, '64M'], {
    env: TOOLS_ENV,
    stdio: 'pipe',
  });
  return readFileSync(path);
}
