import { REAL_DISK } from '../disk/index.ts';
import { type InspectTask, inspect } from '../inspect/inspect-task.ts';
import { type CopyTask, copyBlobs } from './copy-blobs.ts';
import { decodeFrame } from './decode-frame.ts';
import type { DecodeTask } from './decode-task.ts';
import { asTask } from './task-outcome.ts';

/** The tasks of the client's worker threads. Arguments and results are cloned between threads. */
export const inspectTask = asTask((task: InspectTask) => inspect(REAL_DISK, task));
export const decodeTask = asTask((task: DecodeTask) => decodeFrame(REAL_DISK, task));
export const copyTask = asTask((task: CopyTask) => copyBlobs(REAL_DISK, task));
