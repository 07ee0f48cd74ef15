import { readFileSync } from 'node:fs';

/** Names the run of the kernel: another one after each boot. undefined where the system does not say (random(4)). */
export function readBootId(): string | undefined {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return undefined;
  }
}
