import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { startProgram } from './run-program.ts';

/** What has gone over the wire, as the web server's log has it: answers with their headers. */
export interface Traffic {
  readonly requests: number;
  readonly bytes: number;
}

export interface RepositoryServer {
  readonly url: string;
  /** What devices have fetched since the last call. */
  takeTraffic(): Promise<Traffic>;
  stop(): Promise<void>;
}

interface LogLine {
  readonly msg: string;
  readonly path: string;
  readonly bytes: number;
}

/** Starts `swupd-server serve` on a free port and reads along in its log. */
export async function startRepositoryServer(
  program: string,
  repository: string,
  cwd: string,
): Promise<RepositoryServer> {
  const child = startProgram(program, ['serve', repository, '--port', '0'], { cwd });
  const ended = once(child, 'exit');
  const log = createInterface({ input: child.stderr ?? Readable.from([]) });
  let lines: LogLine[] = [];
  log.on('line', (line) => lines.push(JSON.parse(line) as LogLine));
  const url = await addressOf(createInterface({ input: child.stdout }));
  let calls = 0;
  return {
    url,
    async takeTraffic() {
      // The log is in order: when this request of our own is in it, all that came before is in it too.
      const mark = `/healthz?mark=${++calls}`;
      await Promise.all([fetch(`${url}${mark}`), lineWith(log, mark)]);
      const taken = lines.filter(({ msg, path }) => msg.startsWith('request') && path !== mark);
      lines = [];
      return { requests: taken.length, bytes: taken.reduce((sum, { bytes }) => sum + bytes, 0) };
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

async function addressOf(output: AsyncIterable<string>): Promise<string> {
  for await (const line of output) {
    const [address] = /http:\/\/\S+/.exec(line) ?? [];
    if (address !== undefined) return address.replace(/\/$/, '');
  }
  throw new Error('swupd-server serve has ended before it said where it listens');
}

async function lineWith(log: NodeJS.EventEmitter, text: string): Promise<void> {
  for (;;) {
    const [line] = (await once(log, 'line')) as [string];
    if (line.includes(text)) return;
  }
}
