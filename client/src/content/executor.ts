import type { InspectResult, InspectTask } from '../inspect/inspect-task.ts';
import type { CopyTask } from './copy-blobs.ts';
import type { DecodeResult, DecodeTask } from './decode-task.ts';

/** Runs the work that reads or makes content, in threads or right here. */
export interface Executor {
  /** How many tasks are worth having under way at once. */
  readonly parallel: number;
  inspect(task: InspectTask): Promise<InspectResult>;
  decode(task: DecodeTask): Promise<DecodeResult>;
  copy(task: CopyTask): Promise<DecodeResult>;
  close(): Promise<void>;
}
