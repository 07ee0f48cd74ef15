import { fingerprint, type Image, listImage, ModelDisk } from '../model/index.ts';
import { change, installedVersion, recover } from './run-client.ts';
import { clientOn, type Ends, goBack, type Scenario } from './scenario.ts';
import { compareStates, findingsOf, systemState } from './system-state.ts';

export type End = 'old' | 'new';

export interface Verdict {
  /** Which of the two states recovery has ended in; undefined where it is neither. */
  readonly end: End | undefined;
  /** What does not hold, one line each; empty for a good verdict. */
  readonly faults: readonly string[];
}

/**
 * Recovers from what cuts have left, and says whether the system is whole again: exactly the old or the new state, truthfully
 * recorded, as `verify` finds; and whether the same command, run once more, ends in the new one. What is the same after recovery
 * is looked at only once.
 */
export class Judge {
  readonly #scenario: Scenario;
  readonly #ends: Ends;
  readonly #known = new Map<string, readonly string[]>();

  constructor(scenario: Scenario, ends: Ends) {
    this.#scenario = scenario;
    this.#ends = ends;
  }

  /** Different states after recovery so far. */
  get recovered(): number {
    return this.#known.size;
  }

  /** `watch` sees the disk before the recovery. */
  async judge(image: Image, watch: (disk: ModelDisk) => void = () => {}): Promise<Verdict> {
    const lies = await this.#read(image);
    if (lies.length > 0) return { end: undefined, faults: lies };
    const disk = new ModelDisk(image);
    watch(disk);
    try {
      await recover(clientOn(this.#scenario, disk));
    } catch (error) {
      return { end: undefined, faults: [`recovery fails: ${describeError(error)}`] };
    }
    return this.judgeRecovered(disk);
  }

  /** For a disk on which recovery has run already. */
  async judgeRecovered(disk: ModelDisk): Promise<Verdict> {
    const settled = disk.image();
    const listing = listImage(settled);
    const state = systemState(disk, listing);
    const differences = {
      old: compareStates(this.#ends.old.state, state),
      new: compareStates(this.#ends.new.state, state),
    };
    const end = differences.new.length === 0 ? 'new' : differences.old.length === 0 ? 'old' : undefined;
    if (end === undefined) return { end, faults: neither(differences) };
    const key = fingerprint(listing);
    const known = this.#known.get(key);
    if (known !== undefined) return { end, faults: known };
    const faults = [...(await this.#goOn(settled, end)), ...(await this.#goBack(settled, end))];
    if (disk.openHandles > 0) faults.push(`${disk.openHandles} handles are still open`);
    this.#known.set(key, faults);
    return { end, faults };
  }

  /** What is wrong with what a command says that only reads, before anything has been recovered. */
  async #read(image: Image): Promise<string[]> {
    try {
      const version = await installedVersion(clientOn(this.#scenario, new ModelDisk(image)));
      const possible = [this.#ends.old, this.#ends.new].map(({ state }) => versionIn(state.record));
      return possible.includes(version) ? [] : [`before recovery it says that build ${version} is installed`];
    } catch (error) {
      return [`a command that only reads fails before recovery: ${describeError(error)}`];
    }
  }

  /** What is wrong with going on from there: `verify`, and the same command again. */
  async #goOn(image: Image, end: End): Promise<string[]> {
    const disk = new ModelDisk(image);
    const expected = this.#ends[end];
    const client = clientOn(this.#scenario, disk);
    try {
      const findings = await findingsOf(client, expected.state);
      if (findings.join('\n') !== expected.findings.join('\n'))
        return [`verify finds ${findings.join(', ')}`];
    } catch (error) {
      return [`verify fails: ${describeError(error)}`];
    }
    try {
      await change(client, this.#scenario.command);
    } catch (error) {
      if (!this.#scenario.doneCodes.includes(codeOf(error) ?? ''))
        return [`the command fails when it is run again: ${describeError(error)}`];
    }
    return compareStates(this.#ends.new.state, systemState(disk)).map((line) => `run again: ${line}`);
  }

  /** What is wrong with taking it back from there. */
  async #goBack(image: Image, end: End): Promise<string[]> {
    const expected = this.#ends.back;
    if (expected === undefined || end === 'old') return [];
    try {
      const found = await goBack(this.#scenario, new ModelDisk(image));
      return found === undefined ? [] : compareStates(expected, found).map((line) => `taken back: ${line}`);
    } catch (error) {
      return [`it can't be taken back without a server: ${describeError(error)}`];
    }
  }
}

function versionIn(record: string | undefined): number | undefined {
  return record === undefined ? undefined : (JSON.parse(record) as { version: number }).version;
}

function neither(differences: {
  readonly old: readonly string[];
  readonly new: readonly string[];
}): string[] {
  return (['old', 'new'] as const).map(
    (end) => `not the ${end} state: ${differences[end].slice(0, 4).join('; ')}`,
  );
}

export function codeOf(error: unknown): string | undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

export function describeError(error: unknown): string {
  return `${codeOf(error) ?? 'no code'}: ${error instanceof Error ? error.message : String(error)}`;
}
