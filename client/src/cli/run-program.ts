import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { kill, pid } from 'node:process';
import { setTimeout as wait } from 'node:timers/promises';
import type { HookProgram, ProgramEnd } from '../hooks/hook-port.ts';

const MOST_OUTPUT = 64 * 1024;
/** Between asking a program to end and ending it. */
const GRACE = 2000;
/** For what it has said last; something that it has left running may hold its output open for ever. */
const REST = 200;

/** Runs a program in a process group of its own, without a shell, and without anything of this process but what it is given. */
export async function runProgram({ path, env, seconds }: HookProgram): Promise<ProgramEnd> {
  // In the child, /proc/self is the child.
  const file = path.replace(/^\/proc\/self\//, `/proc/${pid}/`);
  const child = spawn(file, [], { cwd: '/', env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const output = collectOutput(child);
  const over = new AbortController();
  let timedOut = false;
  const limit = stopAfter(child, seconds * 1000, {
    signal: over.signal,
    stopping: () => {
      timedOut = true;
    },
  });
  try {
    const [exit, signal] = (await once(child, 'exit')) as [number | null, string | null];
    await Promise.race([once(child, 'close'), wait(REST)]);
    return { exit: exit ?? undefined, reason: signal ?? undefined, timedOut, output: output() };
  } catch (error) {
    const { code = 'error' } = error as NodeJS.ErrnoException;
    return { exit: undefined, reason: code, timedOut, output: output() };
  } finally {
    over.abort();
    await limit;
    child.stdout?.destroy();
    child.stderr?.destroy();
  }
}

/** Both outputs, as they come, up to a bound. */
function collectOutput({ stdout, stderr }: ChildProcess): () => string {
  const chunks: Buffer[] = [];
  let size = 0;
  const take = (chunk: Buffer): void => {
    if (size < MOST_OUTPUT) chunks.push(chunk.subarray(0, MOST_OUTPUT - size));
    size += chunk.length;
  };
  stdout?.on('data', take);
  stderr?.on('data', take);
  return () => Buffer.concat(chunks).toString('utf8');
}

interface TimeLimit {
  /** Aborted when the program has ended. */
  readonly signal: AbortSignal;
  readonly stopping: () => void;
}

/** Ends the whole group when the time is over, in peace and then not. */
async function stopAfter(
  { pid: group }: ChildProcess,
  milliseconds: number,
  { signal, stopping }: TimeLimit,
): Promise<void> {
  try {
    await wait(milliseconds, undefined, { signal });
  } catch {
    return;
  }
  stopping();
  killGroup(group, 'SIGTERM');
  await wait(GRACE, undefined, { signal }).catch(() => {});
  killGroup(group, 'SIGKILL');
}

function killGroup(group: number | undefined, signal: NodeJS.Signals): void {
  try {
    if (group !== undefined) kill(-group, signal);
  } catch {
    // It has ended by itself.
  }
}
