import type { Disk } from '../disk/index.ts';
import { inspect } from '../inspect/inspect-task.ts';
import { copyBlobs } from './copy-blobs.ts';
import { decodeFrame } from './decode-frame.ts';
import type { Executor } from './executor.ts';

/** Runs tasks in this thread, on whichever disk: for small jobs, which starting threads would only slow down, and for tests. */
export function inlineExecutor(disk: Disk): Executor {
  return {
    parallel: 1,
    inspect: async (task) => inspect(disk, task),
    decode: (task) => decodeFrame(disk, task),
    copy: async (task) => copyBlobs(disk, task),
    close: async () => {},
  };
}
