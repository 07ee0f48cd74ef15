import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

export interface ProcessResult {
  /** Exit code, or the signal that ended it. */
  readonly exit: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
}

export interface ProcessOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Kills the process with SIGKILL. */
  readonly kill?: AbortSignal;
}

/** Runs `swupd` as a user does, and waits for its end. */
export function runSwupd(args: readonly string[], options: ProcessOptions = {}): Promise<ProcessResult> {
  return run('swupd', args, options);
}

/** Runs `swupd-server` as a CI job does, and waits for its end. */
export function runServer(args: readonly string[], options: ProcessOptions = {}): Promise<ProcessResult> {
  return run('swupd-server', args, options);
}

async function run(
  program: string,
  args: readonly string[],
  { env = {}, cwd, kill }: ProcessOptions,
): Promise<ProcessResult> {
  const path = fileURLToPath(new URL(`../../node_modules/.bin/${program}`, import.meta.url));
  const child = spawn(path, args, {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    ...(cwd === undefined ? {} : { cwd }),
  });
  // The whole group: the launcher may have started the program as a child of its own.
  kill?.addEventListener('abort', () => process.kill(-(child.pid ?? 0), 'SIGKILL'), { once: true });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  const [code, signal] = await ended;
  return { exit: code ?? signal ?? 'SIGKILL', stdout, stderr };
}
