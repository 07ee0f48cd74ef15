import { componentsOf, type FileName, nameOf, parentOf, type RepoPath } from '@swupd/shared';
import type { Directory, NodeStat } from './disk.ts';
import { errnoOf } from './errno.ts';

/** A name in an open directory. */
export interface Place {
  readonly directory: Directory;
  readonly name: FileName;
}

/**
 * Walks paths below one root, component by component from directory handles. Keeps the handles of the last path, so that
 * paths in order cost one open a directory. Handles belong to the walker: they are good until the next call.
 */
export class PathWalker {
  readonly #root: Directory;
  readonly #open: { name: FileName; directory: Directory }[] = [];

  constructor(root: Directory) {
    this.#root = root;
  }

  /** The directory at `path`, the root for undefined. Throws as `Directory.openDirectory` does. */
  directory(path: RepoPath | undefined): Directory {
    const components = path === undefined ? [] : componentsOf(path);
    let depth = 0;
    while (depth < this.#open.length && this.#open[depth]?.name === components[depth]) depth++;
    this.#closeFrom(depth);
    for (const name of components.slice(depth)) {
      this.#open.push({ name, directory: this.#deepest().openDirectory(name) });
    }
    return this.#deepest();
  }

  /** Where `path` lies. Its parent must be a directory, reached through directories only. */
  place(path: RepoPath): Place {
    return { directory: this.directory(parentOf(path)), name: nameOf(path) };
  }

  /** What is at `path`; undefined where nothing is, or where something on the way to it is no directory. */
  lookup(path: RepoPath): NodeStat | undefined {
    const place = this.find(path);
    return place?.directory.lookup(place.name);
  }

  /** Like `place`, but undefined where the parent can't be reached through directories. */
  find(path: RepoPath): Place | undefined {
    try {
      return this.place(path);
    } catch (error) {
      if (['ENOENT', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error) ?? '')) return undefined;
      throw error;
    }
  }

  /** Forgets the handles: after a directory has been replaced, and at the end. The root stays open. */
  reset(): void {
    this.#closeFrom(0);
  }

  #deepest(): Directory {
    return this.#open.at(-1)?.directory ?? this.#root;
  }

  #closeFrom(depth: number): void {
    for (const { directory } of this.#open.splice(depth)) directory.close();
  }
}
