import { codecNameOf } from '@swupd/shared/delta';
import { inspectStored, readStored } from './stored-blob.ts';

/** A delta that was kept: bytes of the container and of the file that holds it, and the name of its codec. */
export interface MadeDelta {
  readonly length: number;
  readonly storedSize: number;
  readonly codec: string;
}

/** What a file of the repository, or of this project's staging, says of the delta in it. @throws BuildError `bad-repository` */
export function inspectDelta(path: string): MadeDelta {
  const { length, storedSize } = inspectStored(path);
  return { length, storedSize, codec: codecNameOf(readStored({ path, plainSize: length })) };
}
