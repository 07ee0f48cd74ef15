import type { TerminalStream } from '@swupd/shared/terminal';

/** All that the command line needs of its process. `main.ts` gives the real ones. */
export interface CliIo {
  readonly stdin: () => NodeJS.ReadableStream & { readonly isTTY?: boolean };
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: TerminalStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** A monotonic clock in milliseconds. */
  readonly monotonic: () => number;
  /** In [0, 1). */
  readonly random: () => number;
  /** Processors that this process may use. */
  readonly processors: number;
  /** Of this program. */
  readonly version: string;
  readonly pid: number;
  /** The bytes of a file that the user has named. */
  readonly readFile: (path: string) => Uint8Array;
  /** Aborted by the first SIGINT or SIGTERM, with a CliError as the reason. */
  readonly signal: AbortSignal;
}
