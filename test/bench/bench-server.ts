import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { programPath } from './measure.ts';

/** `swupd-server serve` in a process of its own, counted by what its log says. */
export interface BenchServer extends AsyncDisposable {
  readonly url: string;
  /** What was answered since the last call, heads of the answers included. */
  take(): { requests: number; bytes: number };
}

export async function startBenchServer(repository: string): Promise<BenchServer> {
  const child = spawn(programPath('swupd-server'), ['serve', repository, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let count = { requests: 0, bytes: 0 };
  createInterface({ input: child.stderr }).on('line', (line) => {
    const { path, bytes } = JSON.parse(line) as { path?: string; bytes?: number };
    if (path !== undefined) count = { requests: count.requests + 1, bytes: count.bytes + (bytes ?? 0) };
  });
  const [first] = (await once(createInterface({ input: child.stdout }), 'line')) as [string];
  const url = /http:\S+/.exec(first)?.[0] ?? '';
  return {
    url,
    take() {
      const taken = count;
      count = { requests: 0, bytes: 0 };
      return taken;
    },
    async [Symbol.asyncDispose]() {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      await ended;
    },
  };
}
