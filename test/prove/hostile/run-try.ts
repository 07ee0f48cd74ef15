import { SwupdError } from '@swupd/shared';
import { Random } from '../../fuzz/random.ts';
import { compareTrees, type TreeSnapshot } from '../../support/snapshot-tree.ts';
import type { HostileServer } from './hostile-server.ts';
import { chooseMood } from './mood.ts';
import { type Facts, TryDevice } from './try-device.ts';
import { NEW, OLD, type World } from './world.ts';

export interface TryOptions {
  readonly world: World;
  readonly server: HostileServer;
  /** For the device of this try. */
  readonly folder: string;
  readonly seed: number;
  /** Names of the faults that the server knows. */
  readonly vocabulary: readonly string[];
}

/** What a try went through, and everything that must not be. */
export interface TryResult {
  readonly steps: readonly string[];
  readonly wrong: readonly string[];
  readonly failed: number;
  readonly succeeded: number;
  readonly counts: Readonly<HostileServer['counts']>;
}

/** Milliseconds that a command may take against a server that only wants to hold it up. */
const LONGEST = 30_000;
const COMMANDS = ['update', 'add', 'remove', 'repair', 'repair'] as const;
type Command = 'install' | 'update' | 'add' | 'remove' | 'repair';

/**
 * One device, two to five commands, each against a server in a mood of its own, then an honest server. After each command the
 * root is what it was or what the command was to make it, the record says so, errors have codes, nothing beside the root has
 * changed; with the honest server everything is as it should be in the end.
 */
export async function runTry({ world, server, folder, seed, vocabulary }: TryOptions): Promise<TryResult> {
  const random = new Random(seed);
  const run = new Try(new TryDevice(folder, world, server.url), { world, server, vocabulary });
  server.reset();
  server.objects = random.oneIn(2) ? world.old : world.now;
  try {
    await run.command('install', random, random.oneIn(3));
    for (let left = 1 + random.below(4); left > 0; left--) {
      if (random.oneIn(3)) server.objects = world.now;
      await run.prepare(random.pick(['damage', 'begin', 'nothing']), random);
      await run.command(random.pick(COMMANDS), random, true);
    }
    server.objects = world.now;
    await run.settle();
    return { ...run, counts: { ...server.counts } };
  } finally {
    run.tried.remove();
  }
}

class Try {
  readonly steps: string[] = [];
  readonly wrong: string[] = [];
  failed = 0;
  succeeded = 0;
  readonly tried: TryDevice;
  readonly #world: World;
  readonly #server: HostileServer;
  readonly #vocabulary: readonly string[];
  /** Damaged since the last repair. */
  #dirty = false;

  constructor(tried: TryDevice, { world, server, vocabulary }: Omit<TryOptions, 'folder' | 'seed'>) {
    this.tried = tried;
    this.#world = world;
    this.#server = server;
    this.#vocabulary = vocabulary;
  }

  /** Damages the device, or has it in the middle of an update that an honest server began. */
  async prepare(what: 'damage' | 'begin' | 'nothing', random: Random): Promise<void> {
    if (what === 'nothing' || this.tried.facts().installed === undefined) return;
    this.steps.push(what);
    if (what === 'begin') return this.#begin(random);
    this.tried.damage(random);
    this.#dirty = true;
  }

  async #begin(random: Random): Promise<void> {
    this.#server.objects = this.#world.now;
    this.#server.answer = () => undefined;
    this.tried.expectHonesty();
    await this.tried.begin(random);
  }

  async command(command: Command, random: Random, hostile: boolean): Promise<void> {
    const mood = chooseMood(random, this.#vocabulary);
    this.#server.answer = hostile ? mood.answer : () => undefined;
    if (hostile) this.tried.expectHostility();
    else this.tried.expectHonesty();
    const before = this.tried.facts();
    const name = before.installed === undefined ? 'install' : command;
    const error = await this.#run(name);
    this.steps.push(`${name} (${hostile ? mood.text : 'honest'}): ${codeOf(error) ?? 'done'}`);
    this.#server.answer = () => undefined;
    this.#judge(name, error, before);
  }

  /** With an honest server, whatever has been before is made good. */
  async settle(): Promise<void> {
    this.tried.expectHonesty();
    const installed = this.tried.facts().installed !== undefined;
    for (const command of installed ? (['repair', 'update', 'repair'] as const) : (['install'] as const)) {
      const error = await this.#run(command);
      if (error !== undefined) this.#complain(`the honest server does not help: ${String(error)}`);
    }
    const { installed: record, tree } = this.tried.facts();
    if (record?.version !== NEW) this.#complain(`in the end build ${record?.version} is installed`);
    else this.#compare('in the end', this.#world.expected(NEW, record.bundles), ours(tree));
    const { findings } = await this.tried.device.diagnose();
    for (const { path, problem } of findings) this.#complain(`in the end ${path} is ${problem}`);
  }

  async #run(command: Command): Promise<unknown> {
    const { device } = this.tried;
    const start = performance.now();
    const ended = COMMAND_RUNS[command](device).then(
      () => undefined,
      (error: unknown) => error ?? new Error('nothing was thrown'),
    );
    const { promise: late, resolve } = Promise.withResolvers<Error>();
    const timer = setTimeout(() => resolve(new Error('it hangs')), 2 * LONGEST);
    const error = await Promise.race([ended, late]);
    clearTimeout(timer);
    if (performance.now() - start > LONGEST) this.#complain(`${command} takes more than ${LONGEST / 1000} s`);
    return error;
  }

  #judge(command: Command, error: unknown, before: Facts): void {
    const after = this.tried.facts();
    for (const what of this.#server.accusations.splice(0)) this.#complain(`${command} ${what}`);
    this.#compare(`${command} outside`, before.outside, after.outside);
    if (error !== undefined) {
      this.failed++;
      if (codeOf(error) === undefined) this.#complain(`${command} fails without a code: ${stackOf(error)}`);
      if (JSON.stringify(after.installed) !== JSON.stringify(before.installed))
        this.#complain(`${command} fails and changes the record`);
      this.#compare(`${command} fails and`, before.tree, after.tree);
      return;
    }
    this.succeeded++;
    const { installed } = after;
    if (installed === undefined) {
      this.#complain(`${command} succeeds without a record`);
      return;
    }
    if (installed.version < (before.installed?.version ?? OLD)) this.#complain(`${command} goes back`);
    if (command === 'repair' || command === 'install') this.#dirty = false;
    if (!this.#dirty)
      this.#compare(command, this.#world.expected(installed.version, installed.bundles), ours(after.tree));
  }

  #compare(when: string, expected: TreeSnapshot, found: TreeSnapshot): void {
    const lines = compareTrees(expected, found);
    if (lines.length > 0) this.#complain(`${when}: ${lines.slice(0, 5).join('; ')}`);
  }

  #complain(what: string): void {
    this.wrong.push(what);
  }
}

/** Without what damage has put there and the client has set aside, as it says that it does. */
function ours(tree: TreeSnapshot): TreeSnapshot {
  return new Map([...tree].filter(([path]) => !KEPT.test(path)));
}

const KEPT = /\.kept-\d+(?:\/|$)/;

const COMMAND_RUNS: Readonly<Record<Command, (device: TryDevice['device']) => Promise<unknown>>> = {
  install: (device) => device.install({ bundles: ['data'] }),
  update: (device) => device.update(),
  add: (device) => device.add(['more']),
  remove: (device) => device.remove(['more']),
  repair: (device) => device.repair(),
};

/** The code of an error of this project; undefined for any other, which is a defect. */
function codeOf(error: unknown): string | undefined {
  return error instanceof SwupdError ? error.code : undefined;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
