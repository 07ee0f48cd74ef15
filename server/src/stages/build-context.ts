import type { Progress } from '@swupd/shared';
import type { BuildCache } from '../cache/build-cache.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { RepositoryWriter } from '../repository/repository-writer.ts';
import type { TaskPool } from './task-pool.ts';

/** What every stage of a build works with. */
export interface BuildContext {
  readonly repository: string;
  readonly writer: RepositoryWriter;
  readonly ring: KeyRing;
  readonly pool: TaskPool;
  /** Bytes of memory that a pair of blobs may take for its delta. */
  readonly pairMemory: number;
  readonly cache: BuildCache;
  readonly progress: Progress;
}
