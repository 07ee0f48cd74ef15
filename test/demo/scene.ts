import { join } from 'node:path';
import { compareTrees, snapshotTree, type TreeSnapshot } from '../support/snapshot-tree.ts';
import { type ImageTree, readImage } from './image-tree.ts';
import type { Narrator } from './narrator.ts';
import type { Build } from './packages.ts';
import type { RepositoryServer, Traffic } from './repository-server.ts';
import { type ProgramResult, runProgram } from './run-program.ts';

/** Something was not as claimed. */
export class NotAsClaimed extends Error {}

export interface SceneOptions {
  /** The folder that all commands run in, and that all names are relative to. */
  readonly folder: string;
  /** Where `swupd` and `swupd-server` are. */
  readonly programs: string;
  readonly narrator: Narrator;
  readonly terminal: boolean;
}

/** The stage of the demo: real programs in one folder, shown as they run. */
export class Scene {
  readonly folder: string;
  readonly narrator: Narrator;
  readonly #programs: string;
  readonly #terminal: boolean;

  constructor({ folder, programs, narrator, terminal }: SceneOptions) {
    this.folder = folder;
    this.narrator = narrator;
    this.#programs = programs;
    this.#terminal = terminal;
  }

  place(...names: string[]): string {
    return join(this.folder, ...names);
  }

  program(name: string): string {
    return join(this.#programs, name);
  }

  /** Shows and runs a command, and shows what it prints. @throws NotAsClaimed on another exit code than `exit` */
  async run(words: readonly string[], exit = 0): Promise<ProgramResult> {
    const [name = '', ...args] = words;
    this.narrator.command(words);
    const options = { cwd: this.folder, showStderr: this.#terminal && exit === 0 };
    const result = await runProgram(this.program(name), args, options);
    this.narrator.output(result.stdout);
    if (exit > 1) this.narrator.output(result.stderr);
    if (result.exit === exit) return result;
    this.narrator.output(result.stderr);
    throw new NotAsClaimed(`'${words.join(' ')}' ended with exit code ${result.exit}, not ${exit}`);
  }

  /** The same for a command that speaks to the server; its figures become a row of the table. */
  async measure(
    title: string,
    words: readonly string[],
    { server, fullSize, exit }: { server: RepositoryServer; fullSize?: number; exit?: number },
  ): Promise<ProgramResult & Traffic> {
    await server.takeTraffic();
    const result = await this.run(words, exit);
    const traffic = await server.takeTraffic();
    const { milliseconds } = result;
    this.narrator.figures(title, {
      milliseconds,
      ...traffic,
      ...(fullSize === undefined ? {} : { fullSize }),
    });
    return { ...result, ...traffic };
  }

  claim(claim: string, isTrue: boolean): void {
    if (!isTrue) throw new NotAsClaimed(`it is not true that ${claim}`);
    this.narrator.checked(claim);
  }

  image(build: Build, bundles: readonly string[]): ImageTree {
    return readImage(this.place('image', String(build)), bundles);
  }

  /** What the device looks like, without what swupd keeps there for itself. */
  device(): { nodes: TreeSnapshot } {
    return { nodes: snapshotTree(this.place('device'), { except: ['var/lib/swupd'] }) };
  }

  /** The device has exactly what these bundles of `build` have, but for the paths in `except`. */
  claimSameTree(build: Build, bundles: readonly string[], except: readonly string[] = []): void {
    const { nodes } = this.device();
    const differences = compareTrees(this.image(build, bundles).nodes, nodes).filter(
      (line) => !except.some((path) => line.startsWith(`${path}: content`)),
    );
    this.narrator.output(differences.join('\n'));
    const but = except.length === 0 ? '' : `, but for ${except.join(', ')}`;
    this.claim(
      `the device has the tree of build ${build}, ${nodes.size} names with content, modes, owners and links${but}`,
      differences.length === 0,
    );
  }
}
