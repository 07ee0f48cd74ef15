import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LAYOUT, type ObjectName } from '@swupd/manifests';
import { syncFileSystem, syncFolder, writeFileAtomic } from '@swupd/shared/io';
import { BuildError } from '../build-error.ts';
import { withFolder, writeStaged } from './staged-file.ts';

/** An object that is published already, or staged for it. */
export interface FoundObject {
  readonly path: string;
  readonly storedSize: number;
  readonly published: boolean;
}

export interface WriterOptions {
  readonly repository: string;
  /** Folder for what is not published yet; on the repository's file system. */
  readonly work: string;
  readonly version: number;
  /** Identifies the run of the kernel: what another one has staged may be torn by a power cut. */
  readonly bootId: string;
}

const JOURNAL = 'publishing';
const BOOT = 'boot';

/**
 * The one way into a repository. Objects are staged under their final names first; `publish` moves those that the release
 * refers to, syncs, and lets the caller reveal it last. Staging outlives a build that dies, for the next attempt at the same
 * version. A death while objects move is undone by the next start, from a journal of their names.
 */
export class RepositoryWriter {
  readonly #repository: string;
  readonly #staging: string;
  readonly #version: number;
  readonly #claimed = new Set<ObjectName>();

  private constructor(repository: string, staging: string, version: number) {
    this.#repository = repository;
    this.#staging = staging;
    this.#version = version;
  }

  /** @throws BuildError `work-elsewhere` */
  static open({ repository, work, version, bootId }: WriterOptions): RepositoryWriter {
    const all = join(work, 'staging');
    mkdirSync(all, { recursive: true });
    checkSameFileSystem(repository, all);
    takeBackUnfinished(repository, work);
    for (const name of readdirSync(all)) {
      const other = join(all, name);
      if (Number(name) !== version || readBoot(other) !== bootId)
        rmSync(other, { recursive: true, force: true });
    }
    const staging = join(all, String(version));
    writeStaged(join(staging, BOOT), Buffer.from(bootId));
    return new RepositoryWriter(repository, staging, version);
  }

  /** The object of that name, published or staged, as part of the release; undefined where it has to be made. */
  find(name: ObjectName): FoundObject | undefined {
    const published = join(this.#repository, name);
    const size = sizeOf(published);
    if (size !== undefined) return { path: published, storedSize: size, published: true };
    const staged = join(this.#staging, name);
    const stagedSize = sizeOf(staged);
    if (stagedSize === undefined) return undefined;
    this.#claimed.add(name);
    return { path: staged, storedSize: stagedSize, published: false };
  }

  /** Where to write the object of that name, with `writeStaged`, if it comes to that; `find` makes it part of the release. */
  path(name: ObjectName): string {
    return join(this.#staging, name);
  }

  /** The same for an object that the release needs in any case. */
  claim(name: ObjectName): string {
    this.#claimed.add(name);
    return this.path(name);
  }

  /** Where to write something that the build needs, but does not publish. */
  scratch(name: string): string {
    return join(this.#staging, 'scratch', name);
  }

  findScratch(name: string): FoundObject | undefined {
    const path = this.scratch(name);
    const storedSize = sizeOf(path);
    return storedSize === undefined ? undefined : { path, storedSize, published: false };
  }

  /** Stages an object unless it is there already. */
  add(name: ObjectName, bytes: Uint8Array): void {
    if (this.find(name) === undefined) writeStaged(this.claim(name), bytes);
  }

  /** Stages an object whose name does not depend on its content. */
  replace(name: ObjectName, bytes: Uint8Array): void {
    writeStaged(this.claim(name), bytes);
  }

  /**
   * Publishes the release: all its objects, durably, then its MoM, and then what `reveal` does. As long as the journal, which it
   * is given, is there after that, the next start takes everything back: who reveals the release removes it. Without `reveal`,
   * the MoM is the end.
   */
  publish(reveal: ((journal: string) => void) | undefined): void {
    const mom = LAYOUT.mom(this.#version);
    const moving = [...this.#claimed]
      .filter((name) => name !== mom && sizeOf(join(this.#repository, name)) === undefined)
      .sort();
    const end = reveal === undefined ? mom : '';
    const journal = join(this.#staging, JOURNAL);
    writeFileAtomic(journal, Buffer.from([end, ...moving, mom].join('\n'), 'latin1'));
    for (const name of moving) this.#move(name);
    syncFileSystem(this.#repository);
    this.#move(mom);
    syncFolder(dirname(join(this.#repository, mom)));
    reveal?.(journal);
    rmSync(this.#staging, { recursive: true, force: true });
  }

  #move(name: ObjectName): void {
    const target = join(this.#repository, name);
    withFolder(target, () => renameSync(join(this.#staging, name), target));
  }
}

/**
 * Takes back what builds had moved that died before they were revealed. Only for the holder of the build lock, when pending
 * publications have been finished.
 */
export function takeBackUnfinished(repository: string, work: string): void {
  const all = join(work, 'staging');
  for (const name of existsSync(all) ? readdirSync(all) : []) takeBack(repository, join(all, name));
}

/** Moves back what an unfinished publication has moved. */
function takeBack(repository: string, staging: string): void {
  const journal = join(staging, JOURNAL);
  if (sizeOf(journal) === undefined) return;
  const [end = '', ...moved] = readFileSync(journal, 'latin1').split('\n');
  if (end !== '' && sizeOf(join(repository, end)) !== undefined) return;
  for (const name of moved) {
    const place = join(repository, name);
    if (sizeOf(place) === undefined) continue;
    const staged = join(staging, name);
    withFolder(staged, () => renameSync(place, staged));
  }
  rmSync(journal);
}

function readBoot(staging: string): string | undefined {
  try {
    return readFileSync(join(staging, BOOT), 'latin1');
  } catch {
    return undefined;
  }
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}

function checkSameFileSystem(repository: string, work: string): void {
  if (statSync(repository).dev === statSync(work).dev) return;
  throw new BuildError('work-elsewhere', `${work} is on another file system than ${repository}`, {
    hint: 'Pass a folder on the file system of the repository with --work: publication renames files.',
  });
}
