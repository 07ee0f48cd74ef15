import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const PROCESS = fileURLToPath(new URL('verify-process.ts', import.meta.url));
const PROCESSES = 7;

/** Milliseconds. */
export interface VerifyTimes {
  /** The first verification of a process: the median of some processes. */
  readonly cold: number;
  /** Any later one. */
  readonly warm: number;
  /** The build that was verified. */
  readonly version: number;
}

/** How long it takes to verify the newest release of a repository, from its first root to the MoM's signature. */
export function verifyTimes(repository: string, clock: number): VerifyTimes {
  const runs = Array.from({ length: PROCESSES }, () => {
    const output = execFileSync(process.execPath, [PROCESS, repository, String(clock)], { encoding: 'utf8' });
    const { version, times } = JSON.parse(output) as { version: number; times: number[] };
    const [first = Number.NaN, ...rest] = times;
    return { version, first, warm: median(rest) };
  });
  return {
    cold: median(runs.map(({ first }) => first)),
    warm: median(runs.map(({ warm }) => warm)),
    version: runs[0]?.version ?? 0,
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
