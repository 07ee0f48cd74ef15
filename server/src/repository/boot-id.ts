import { readFileSync } from 'node:fs';

/** Names the run of the kernel; where the system does not say, a text that equals no other run's. */
export function readBootId(fallback: string): string {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
  } catch {
    return fallback;
  }
}
