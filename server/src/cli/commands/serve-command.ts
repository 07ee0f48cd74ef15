import { once } from 'node:events';
import type { Command } from 'commander';
import {
  createLogger,
  createRepositoryServer,
  HttpServerError,
  LOG_LEVELS,
  type LogLevel,
} from '../../http/index.ts';

/** Where the command writes: the address to `stdout`, the log to `stderr`. */
export interface ServeIo {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: NodeJS.WritableStream;
}

interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly logLevel: LogLevel;
}

/** Adds `serve REPO`, which ends when the process gets SIGINT or SIGTERM. */
export function registerServe(program: Command, io: ServeIo): void {
  const command = program
    .command('serve')
    .description('serve a repository over HTTP until SIGINT or SIGTERM')
    .argument('<REPO>', "the repository's folder")
    .option('--host <HOST>', 'address to listen on', '127.0.0.1');
  command
    .addOption(
      command
        .createOption('--port <PORT>', 'port to listen on, 0 for a free one')
        .default(8080)
        .argParser(parsePort),
    )
    .addOption(
      command.createOption('--log-level <LEVEL>', 'least level to log').choices(LOG_LEVELS).default('info'),
    )
    .action((repository: string, options: ServeOptions) => serve(repository, options, io));
}

/** Serves until the first SIGINT or SIGTERM, then closes in peace; a second one ends the process as signals do. */
async function serve(repository: string, { host, port, logLevel }: ServeOptions, io: ServeIo): Promise<void> {
  const logger = createLogger(logLevel, io.stderr);
  const server = createRepositoryServer({ repository, logger });
  const { url } = await server.listen(host, port);
  const signalled = firstSignal();
  io.stdout.write(`serving ${repository} at ${url}\n`);
  const signal = await signalled;
  logger.info({ signal }, 'closing');
  await server.close();
}

async function firstSignal(): Promise<string> {
  const done = new AbortController();
  const wait = async (name: 'SIGINT' | 'SIGTERM') => {
    await once(process, name, { signal: done.signal });
    return name;
  };
  const waits = [wait('SIGINT'), wait('SIGTERM')];
  const first = await Promise.race(waits);
  done.abort();
  await Promise.allSettled(waits);
  return first;
}

function parsePort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new HttpServerError('bad-port', `'${text}' is no port`, {
    details: { port: text },
    hint: 'Pass a number from 1 to 65535 with --port, or 0 for a free port.',
  });
}
