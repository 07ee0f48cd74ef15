import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { stoppedBy } from './cli-error.ts';
import type { CliIo } from './cli-io.ts';
import { runCli } from './run-cli.ts';

const SHOW_CURSOR = '\u001b[?25h';
const SIGNALS = { SIGINT: 2, SIGTERM: 15 } as const;

/** The one place that knows the process; everything below gets it passed in. */
const io: CliIo = {
  // Opening it takes time, and only questions need it.
  stdin: () => process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  env: process.env,
  cwd: () => process.cwd(),
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: () => Math.random(),
  processors: availableParallelism(),
  version: packageVersion(),
  pid: process.pid,
  readFile: (path) => readFileSync(path),
  signal: abortedBySignals(),
};

/** The first signal stops the command in peace, the second one at once: whatever is cut off then is finished by a later run. */
function abortedBySignals(): AbortSignal {
  const controller = new AbortController();
  for (const [name, number] of Object.entries(SIGNALS)) {
    process.on(name, () => {
      if (controller.signal.aborted) {
        if (process.stderr.isTTY) process.stderr.write(SHOW_CURSOR);
        process.exit(128 + number);
      }
      controller.abort(stoppedBy(name as keyof typeof SIGNALS));
    });
  }
  return controller.signal;
}

function packageVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

// A reader that has seen enough (head, less) is no reason to stop in the middle of a change.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
}

process.exitCode = await runCli(process.argv.slice(2), io);
