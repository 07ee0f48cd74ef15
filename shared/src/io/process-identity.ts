import { readFileSync } from 'node:fs';
import { readBootId } from './boot-id.ts';

/** States of a process that has ended, but that its parent has not asked about yet. proc(5). */
const ENDED: ReadonlySet<string> = new Set(['Z', 'X']);

/**
 * `PID START-TIME BOOT-ID`: names a process so that a later one with the same number, or one after a reboot, is another.
 * undefined where no such process runs.
 */
export function identityOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    const started = fields[19];
    if (state === undefined || ENDED.has(state)) return undefined;
    const boot = readBootId();
    return boot === undefined ? undefined : `${pid} ${started} ${boot}`;
  } catch {
    return undefined;
  }
}

/** Whether the process that had this identity still runs. */
export function isAlive(identity: string): boolean {
  const pid = Number(identity.split(' ')[0]);
  return Number.isSafeInteger(pid) && pid > 0 && identityOf(pid) === identity.trim();
}
