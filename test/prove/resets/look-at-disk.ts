import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchDevice } from '../device/bench-device.ts';
import { judgeRecovered, type Verdict } from '../device/judge-device.ts';
import type { Prepared } from '../device/prepare-scenario.ts';
import { type Hardware, Machine } from './machine.ts';
import { VolatileDisk } from './volatile-disk.ts';

export interface LookRequest {
  readonly hardware: Hardware;
  /** Gets a copy of what is on the disk, and what the machine has printed. */
  readonly folder: string;
  /** To recover, and to copy the system into the answers. */
  readonly orders: string;
}

/** Boots as after a power cut, lets the client recover, and judges a copy of what is there. */
export async function lookAtDisk(
  image: Uint8Array,
  prepared: Prepared,
  { hardware, folder, orders }: LookRequest,
): Promise<Verdict> {
  const disk = new VolatileDisk(image);
  const { messages, console, answers } = await Machine.boot(hardware, { disk, orders, folder });
  writeFileSync(join(folder, 'console.log'), console);
  if (!messages.includes('copied')) {
    writeFileSync(join(folder, 'disk.img'), image);
    return { is: 'neither', recovery: 'none', wrong: ['the machine did not come up'] };
  }
  const device = unpack(answers, join(folder, 'device'));
  const [, exit] = messages.find((message) => message.startsWith('recovered'))?.split(' ') ?? [];
  return judgeRecovered(device, prepared, { exit: Number(exit), stdout: console, stderr: '' });
}

function unpack(archive: string, folder: string): BenchDevice {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  const options = ['--xattrs', '--xattrs-include=*', '--numeric-owner', '--preserve-permissions'];
  // The clock of an emulated machine may be ahead of this one's.
  const quiet = '--warning=no-timestamp';
  execFileSync('tar', ['--extract', '--file', archive, '--directory', folder, quiet, ...options]);
  return new BenchDevice(folder);
}
