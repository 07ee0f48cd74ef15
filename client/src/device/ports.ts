import type { Progress } from '@swupd/shared';
import type { Executor } from '../content/executor.ts';
import type { Disk } from '../disk/index.ts';
import type { HookPort } from '../hooks/hook-port.ts';
import type { Repository } from '../repository/index.ts';
import type { ProcessTable } from '../state/state-lock.ts';

/** Everything outside of the client's own logic. The command line gives the real ones. */
export interface Ports {
  readonly disk: Disk;
  readonly processes: ProcessTable;
  /** Seconds since 1970. */
  readonly now: () => number;
  readonly openRepository: (url: string) => Repository;
  /** Started when the first large task comes, closed with the device. */
  readonly startExecutor: () => Executor;
  readonly progress: Progress;
  /** Something that the user should know, and that is no error. */
  readonly warn: (message: string) => void;
  /** Downloads at a time. */
  readonly parallel: number;
  readonly signal?: AbortSignal;
  /** Where hooks are to run. */
  readonly hooks?: HookPort;
}

/** Which device, and what the user has said of its repository. */
export interface DeviceOptions {
  /** The root to work on, an absolute path. */
  readonly root: string;
  /** The state directory, an absolute path; default `var/lib/swupd` below the root. */
  readonly stateDirectory?: string;
  /** Address of the repository; default: the one kept. */
  readonly url?: string;
  /** The channel of its builds; default: the one kept. */
  readonly channel?: string;
  /** The bytes of the trust anchor; default: the one kept. */
  readonly trustAnchor?: Uint8Array;
}
