import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

export interface ProgramOptions {
  readonly cwd: string;
  /** Let the program write its progress straight to the terminal. */
  readonly showStderr?: boolean;
}

export interface ProgramResult {
  readonly exit: number;
  readonly stdout: string;
  /** Empty where it went to the terminal. */
  readonly stderr: string;
  readonly milliseconds: number;
}

/** Runs a program to its end, whatever that is. */
export async function runProgram(
  program: string,
  args: readonly string[],
  options: ProgramOptions,
): Promise<ProgramResult> {
  const started = performance.now();
  const child = startProgram(program, args, options);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    child.stderr === null ? '' : text(child.stderr),
    once(child, 'close') as Promise<[number | null]>,
  ]);
  return { exit: code ?? -1, stdout, stderr, milliseconds: performance.now() - started };
}

/** Starts a program that ends with this process at the latest. */
export function startProgram(
  program: string,
  args: readonly string[],
  { cwd, showStderr = false }: ProgramOptions,
): ChildProcessByStdio<null, Readable, Readable | null> {
  const stdio = ['ignore', 'pipe', showStderr ? 'inherit' : 'pipe'] as const;
  const child = spawn(program, args, { cwd, stdio: [...stdio] });
  const end = (): boolean => child.kill();
  process.once('exit', end);
  child.once('close', () => process.off('exit', end));
  return child as ChildProcessByStdio<null, Readable, Readable | null>;
}
