import type { SwupdError } from '@swupd/shared';
import { identityOf, isAlive } from '@swupd/shared/io';
import { inlineExecutor } from '../content/inline-executor.ts';
import { lazyExecutor } from '../content/lazy-executor.ts';
import { workerExecutor } from '../content/worker-executor.ts';
import type { Ports } from '../device/ports.ts';
import { REAL_DISK } from '../disk/index.ts';
import { openSource, type RepositoryOptions } from '../repository/index.ts';
import type { CliIo } from './cli-io.ts';
import type { GlobalOptions } from './global-options.ts';
import type { Report } from './report.ts';
import { runProgram } from './run-program.ts';

/** One core stays for the thread that leads; more threads than this mostly wait for the disk, and each takes its memory. */
const MAX_THREADS = 2;

interface PortsReport extends Pick<Report, 'progress' | 'warn'> {
  readonly hookFailed: (failure: SwupdError) => void;
  /** The root that the command works on. */
  readonly root: string;
}

/** The real disk, network, clock and threads for the client's engine. */
export function makePorts(
  io: CliIo,
  options: GlobalOptions,
  { progress, warn, hookFailed, root }: PortsReport,
): Ports {
  const threads = Math.max(1, Math.min(io.processors - 1, MAX_THREADS));
  return {
    disk: REAL_DISK,
    processes: { self: identityOf(io.pid) ?? String(io.pid), isAlive },
    now: () => Math.floor(io.now() / 1000),
    openRepository: (url) => openSource(url, repositoryOptions(io, options)),
    startExecutor: () =>
      lazyExecutor({
        inline: inlineExecutor(REAL_DISK),
        threads,
        startWorkers: () => workerExecutor(threads),
        signal: io.signal,
      }),
    progress,
    warn,
    parallel: options.parallel,
    signal: io.signal,
    // Hooks of another root would run on this machine, with its powers.
    ...(options.hooks === 'always' || (options.hooks === 'own-root' && root === '/')
      ? { hooks: { run: runProgram, failed: hookFailed } }
      : {}),
  };
}

function repositoryOptions(io: CliIo, options: GlobalOptions): RepositoryOptions {
  return {
    env: io.env,
    userAgent: `swupd/${io.version}`,
    now: io.monotonic,
    random: io.random,
    allowInsecureHttp: options.allowInsecureHttp,
    maxRetries: options.maxRetries,
    retryDelay: options.retryDelay,
    ...(options.cacert === undefined ? {} : { caFile: options.cacert }),
  };
}
