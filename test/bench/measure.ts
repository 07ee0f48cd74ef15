import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** One run of one of the two programs. */
export interface Measured {
  readonly seconds: number;
  /** Sum of the largest resident sizes of all processes of the run, in bytes; shared pages count in each. */
  readonly peakMemory: number;
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

const POLL_MS = 10;

/** Path of one of the two programs, as a user runs it. */
export function programPath(program: 'swupd' | 'swupd-server'): string {
  return fileURLToPath(new URL(`../../node_modules/.bin/${program}`, import.meta.url));
}

/** Runs a program to its end, with its time and memory. */
export async function measure(program: 'swupd' | 'swupd-server', args: readonly string[]): Promise<Measured> {
  const started = performance.now();
  const child = spawn(programPath(program), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const memory = watchMemory(child);
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  const seconds = (performance.now() - started) / 1000;
  return { seconds, peakMemory: memory.stop(), exit: code ?? -1, stdout, stderr };
}

/**
 * The kernel keeps the high-water mark of each process, so looking now and then misses only what a process takes in its last
 * moments, and processes that live shorter than one look.
 */
function watchMemory(child: ChildProcess): { stop: () => number } {
  const peaks = new Map<number, number>();
  const look = (): void => {
    for (const pid of processTree(child.pid ?? 0)) peaks.set(pid, Math.max(peaks.get(pid) ?? 0, peakOf(pid)));
  };
  const timer = setInterval(look, POLL_MS);
  return {
    stop() {
      clearInterval(timer);
      return [...peaks.values()].reduce((sum, peak) => sum + peak, 0);
    },
  };
}

function processTree(pid: number): number[] {
  try {
    const children = readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
      readFileSync(`/proc/${pid}/task/${thread}/children`, 'utf8').split(' ').filter(Boolean).map(Number),
    );
    return [pid, ...children.filter((child) => !isFork(child, pid)).flatMap(processTree)];
  } catch {
    return [];
  }
}

/** A child that has not yet become its program shows the pages that it shares with its parent as its own. */
function isFork(child: number, parent: number): boolean {
  return commandOf(child) === commandOf(parent);
}

function commandOf(pid: number): string {
  return readFileSync(`/proc/${pid}/cmdline`, 'latin1');
}

function peakOf(pid: number): number {
  try {
    return Number(/^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}
