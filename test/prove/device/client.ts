import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('../../../client/bin/swupd.js', import.meta.url));

export interface ClientResult {
  /** Exit code, or the signal that ended it. */
  readonly exit: number | NodeJS.Signals;
  readonly stdout: string;
  readonly stderr: string;
  readonly milliseconds: number;
}

export interface ClientOptions {
  readonly env?: Readonly<Record<string, string>>;
  /** Gets the process as soon as it runs. */
  readonly started?: (child: ChildProcess) => void;
}

/** Runs the real program in a process group of its own, and waits for its end. */
export async function runClient(
  args: readonly string[],
  { env = {}, started }: ClientOptions = {},
): Promise<ClientResult> {
  const start = performance.now();
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const ended = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  started?.(child);
  const [stdout, stderr, [code, signal]] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { exit: code ?? signal ?? 'SIGKILL', stdout, stderr, milliseconds: performance.now() - start };
}

/** The objects of a type that `-j` has printed, each with the fields that come with it. */
export function answersOf({ stdout }: Pick<ClientResult, 'stdout'>, type: string): Record<string, unknown>[] {
  return stdout
    .split('\n')
    .filter((line) => line.startsWith('{') && line.endsWith('}'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((answer) => answer.type === type);
}
