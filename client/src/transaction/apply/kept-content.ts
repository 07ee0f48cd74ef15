import { type Digest, isDigest } from '@swupd/shared';
import { type Directory, errnoOf, ownName, type Place, removeIfThere } from '../../disk/index.ts';
import type { Home } from '../../state/home.ts';
import { type AreaNames, Areas } from '../staging/areas.ts';
import { copyContent } from '../staging/copy-file.ts';

/** Where the content of versions before lies that the installed one does not have, on the file system that it was on. */
export const KEPT: AreaNames = { inState: 'kept', inRoot: '.swupd-kept' };

/** A blob of a version before. */
export interface KeptBlob {
  readonly digest: Digest;
  readonly home: Home;
  readonly size: number;
}

/**
 * Files that transactions have replaced, under the digests that they had. Whoever has them open may have changed them since, so
 * they are verified before use.
 */
export class KeptContent {
  readonly #areas: Areas;
  readonly #homes: ReadonlySet<Home>;

  /** `homes`: where something may have been kept, besides the state directory. */
  constructor(root: Directory, state: Directory, homes: Iterable<Home>) {
    this.#areas = new Areas(root, state, KEPT);
    this.#homes = new Set<Home>(['state', ...homes]);
  }

  /** Moves the file at `place` here; false where there is no room for another name, and it is deleted. */
  take(place: Place, home: Home, digest: Digest): boolean {
    try {
      place.directory.rename(place.name, this.#areas.openDurably(home), ownName(digest));
      // Of two names of one inode rename(2) leaves both.
      removeIfThere(place.directory, place.name);
      return true;
    } catch (error) {
      if (!FULL.has(errnoOf(error) ?? '')) throw error;
      place.directory.removeFile(place.name);
      return false;
    }
  }

  list(): KeptBlob[] {
    return [...this.#homes].flatMap((home) => {
      const directory = this.#areas.openIfThere(home);
      if (directory === undefined) return [];
      return directory.list().flatMap((name): KeptBlob[] => {
        const stat = isDigest(name) ? directory.lookup(name) : undefined;
        return stat?.type === 'file' ? [{ digest: name as string as Digest, home, size: stat.size }] : [];
      });
    });
  }

  /**
   * Gives the blob a second name: a hard link, or a copy where another name of it is in use, or where that is on another file
   * system.
   */
  lend({ digest, home }: KeptBlob, to: Place): void {
    const directory = this.#areas.open(home);
    const name = ownName(digest);
    if (directory.lookup(name)?.links !== 1) {
      copyContent({ directory, name }, to);
      return;
    }
    try {
      directory.makeLink(name, to.directory, to.name);
    } catch (error) {
      if (!OTHER_FILE_SYSTEM.has(errnoOf(error) ?? '')) throw error;
      copyContent({ directory, name }, to);
    }
  }

  remove({ digest, home }: KeptBlob): void {
    removeIfThere(this.#areas.open(home), ownName(digest));
  }

  /** Removes everything. */
  clear(): void {
    this.#areas.remove(this.#homes);
  }

  close(): void {
    this.#areas.close();
  }
}

const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);
const OTHER_FILE_SYSTEM: ReadonlySet<string> = new Set(['EXDEV', 'EPERM', 'EMLINK']);
