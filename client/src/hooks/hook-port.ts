import type { DeviceError } from '../device-error.ts';

/** Runs hooks, and hears of those that fail after a change. Where there is none, no hooks run. */
export interface HookPort {
  readonly run: (program: HookProgram) => Promise<ProgramEnd>;
  readonly failed: (failure: DeviceError) => void;
}

export interface HookProgram {
  /** The file to execute; below `/proc/self/fd` one of a directory that this process has open. */
  readonly path: string;
  /** Its whole environment. */
  readonly env: Readonly<Record<string, string>>;
  /** After so many seconds it is stopped, with all that it has started. */
  readonly seconds: number;
}

export interface ProgramEnd {
  /** undefined where it has not ended by itself. */
  readonly exit: number | undefined;
  /** What has ended it: a signal, or `ENOEXEC` and the like where it could not be started. */
  readonly reason: string | undefined;
  readonly timedOut: boolean;
  /** What it has said on both of its outputs, up to a bound. Foreign text. */
  readonly output: string;
}
