import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

/** One run of a program. */
export interface Measured {
  readonly seconds: number;
  /** Seconds of processor time, in steps of 10 ms; of everything that ended meanwhile, so runs at the same time count twice. */
  readonly processor: number;
  /** Sum of the largest resident sizes of all processes of the run, in bytes; shared pages count in each. */
  readonly peakMemory: number;
  readonly exit: number;
  readonly stdout: string;
  readonly stderr: string;
}

const POLL_MS = 10;
/** Of the kernel's clock, a second. */
const TICKS = 100;

/** Path of one of the two programs, as a user runs it. */
export function programPath(program: 'swupd' | 'swupd-server'): string {
  return fileURLToPath(new URL(`../../node_modules/.bin/${program}`, import.meta.url));
}

/** Runs one of the two programs to its end, with its time and memory. */
export function measure(program: 'swupd' | 'swupd-server', args: readonly string[]): Promise<Measured> {
  return measureCommand(programPath(program), args);
}

/** Runs any program to its end, with its time and memory. */
export async function measureCommand(program: string, args: readonly string[]): Promise<Measured> {
  const started = performance.now();
  const before = processorOfChildren();
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  const memory = watchMemory(child);
  const ended = once(child, 'close') as Promise<[number | null]>;
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = await ended;
  const seconds = (performance.now() - started) / 1000;
  const processor = processorOfChildren() - before;
  return { seconds, processor, peakMemory: memory.stop(), exit: code ?? -1, stdout, stderr };
}

/** Seconds that all children of this process have used that it has waited for. proc(5): cutime, cstime. */
function processorOfChildren(): number {
  const fields = readFileSync('/proc/self/stat', 'latin1')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[13]) + Number(fields[14])) / TICKS;
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
