import type { TerminalStream } from '@swupd/shared/terminal';

/** All that the commands need of the process. */
export interface CliIo {
  readonly stdout: NodeJS.WritableStream;
  readonly stderr: TerminalStream;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: () => string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly pid: number;
  readonly randomBytes: (size: number) => Uint8Array;
  /** Processors that this process may use. */
  readonly processors: number;
  /** Bytes of memory that the process may use: those of the machine, or of its container. */
  readonly memory: number;
  /** Bytes of memory that the process has taken at its peak. */
  readonly peakMemory: () => number;
}
