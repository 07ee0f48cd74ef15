import { rmSync } from 'node:fs';
import { Level } from 'level';
import { BuildError } from '../build-error.ts';

/**
 * What makes the next build cheap and can be thrown away: a store of small texts, read and written in batches. A store that
 * can't be opened is made anew.
 */
export class BuildCache {
  readonly #level: Level;

  private constructor(level: Level) {
    this.#level = level;
  }

  /** @throws BuildError `build-running` where another process has the store open, whatever repository it builds */
  static async open(folder: string): Promise<BuildCache> {
    try {
      return new BuildCache(await openLevel(folder));
    } catch (error) {
      if (isLocked(error)) throw locked(folder);
      rmSync(folder, { recursive: true, force: true });
      return new BuildCache(await openLevel(folder));
    }
  }

  /** The values of some keys, in their order; undefined for those that are not known. */
  async read(keys: readonly string[]): Promise<(string | undefined)[]> {
    return this.#level.getMany([...keys]);
  }

  async write(entries: Iterable<readonly [key: string, value: string]>): Promise<void> {
    await this.#level.batch([...entries].map(([key, value]) => ({ type: 'put', key, value })));
  }

  close(): Promise<void> {
    return this.#level.close();
  }
}

async function openLevel(folder: string): Promise<Level> {
  const level = new Level(folder);
  await level.open();
  return level;
}

function isLocked(error: unknown): boolean {
  return (
    error instanceof Error && (error.cause as NodeJS.ErrnoException | undefined)?.code === 'LEVEL_LOCKED'
  );
}

function locked(folder: string): BuildError {
  return new BuildError('build-running', `another build has ${folder} open`, {
    details: { folder },
    hint: 'Wait until it has ended, or pass another folder with --work.',
  });
}
