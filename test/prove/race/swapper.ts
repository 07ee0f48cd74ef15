import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** A process that goes on putting links in the place of files and directories, and these back. */
export interface Swapper {
  /** Ends it with everything back. @returns how often a link was in the place of something */
  stop(): Promise<number>;
}

const PROGRAM = fileURLToPath(new URL('./swap-for-links.ts', import.meta.url));

/** `paths` are below `root`; their links lead to the same places below `outside`. */
export async function startSwapper(
  root: string,
  outside: string,
  paths: readonly string[],
): Promise<Swapper> {
  const child: ChildProcess = fork(PROGRAM, [root, outside, ...paths]);
  await once(child, 'message');
  return {
    async stop() {
      const told = once(child, 'message') as Promise<[number]>;
      const ended = once(child, 'exit');
      child.send('stop');
      const [swaps] = await told;
      await ended;
      return swaps;
    },
  };
}
