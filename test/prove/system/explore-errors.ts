import { ModelDisk } from '../model/index.ts';
import { FAULTS, type Fault, faultyDisk } from './faulty-disk.ts';
import { codeOf, describeError, Judge } from './judge.ts';
import { change } from './run-client.ts';
import { clientOn, type Ends, endsOf, type Scenario } from './scenario.ts';
import { compareStates, systemState } from './system-state.ts';

export interface ErrorOptions {
  /** Every how many-th call goes wrong; each fault begins at another. */
  readonly stride: number;
  /** Only calls of this name. */
  readonly only?: string;
  readonly onTry?: (broken: boolean) => void;
}

export interface BrokenByError {
  readonly call: string;
  readonly fault: Fault;
  readonly faults: readonly string[];
}

export interface ErrorReport {
  /** Calls of the port in an undisturbed run. */
  readonly calls: number;
  readonly tried: number;
  readonly succeeded: number;
  /** Failed, with a code. */
  readonly failed: number;
  /** Of these, the ones after which directories or files were still open. */
  readonly leaking: number;
  readonly broken: readonly BrokenByError[];
}

/** How the command ended that met the fault. */
interface Outcome {
  readonly kind: 'succeeded' | 'failed';
  readonly code: string | undefined;
  readonly text: string;
}

/** The code that says that recovery is due. */
const UNFINISHED = 'unfinished';

/** Lets each call of each scenario go wrong in each way, one at a time, and looks at what became of the system. */
export async function exploreErrors(
  original: Scenario,
  { stride, only, onTry }: ErrorOptions,
): Promise<ErrorReport> {
  // What could not be kept for going back is fetched again then, so that is no promise here.
  const scenario = { ...original, back: undefined };
  const ends = await endsOf(scenario);
  const judge = new Judge(scenario, ends);
  const calls = await callsOf(scenario);
  const counts = { succeeded: 0, failed: 0, leaking: 0 };
  const broken: BrokenByError[] = [];
  let tried = 0;
  for (const [i, fault] of FAULTS.entries()) {
    for (let at = i % stride; at < calls.length; at += stride) {
      if (only !== undefined && calls[at] !== only) continue;
      const disk = new ModelDisk(scenario.before);
      const faulty = faultyDisk(disk, at, fault);
      const outcome = await outcomeOf(change(clientOn(scenario, faulty.disk), scenario.command));
      if (!faulty.hasStruck) continue;
      tried++;
      counts[outcome.kind]++;
      if (disk.openHandles > 0) counts.leaking++;
      const faults = [
        ...promisesBroken(outcome, disk, ends),
        ...(await judge.judge(disk.image())).faults.map((line) => `after recovery: ${line}`),
      ];
      if (faults.length > 0)
        broken.push({ call: `${at} ${calls[at]}`, fault, faults: [outcome.text, ...faults] });
      onTry?.(faults.length > 0);
    }
  }
  return { calls: calls.length, tried, ...counts, broken };
}

/** The calls of the port in an undisturbed run. */
export async function callsOf(scenario: Scenario): Promise<readonly string[]> {
  const { disk, calls } = faultyDisk(new ModelDisk(scenario.before), -1, 'EIO');
  await change(clientOn(scenario, disk), scenario.command);
  return calls;
}

async function outcomeOf(work: Promise<unknown>): Promise<Outcome> {
  try {
    await work;
    return { kind: 'succeeded', code: undefined, text: 'the command succeeded' };
  } catch (error) {
    return { kind: 'failed', code: codeOf(error), text: `the command failed with ${describeError(error)}` };
  }
}

/** What the command has said of itself that is not so. Only with the one code may the system be anything but old or new. */
function promisesBroken({ kind, code }: Outcome, disk: ModelDisk, ends: Ends): string[] {
  if (kind === 'failed' && code === undefined) return ['it has no code'];
  if (code === UNFINISHED) return [];
  const state = systemState(disk);
  const fromNew = compareStates(ends.new.state, state);
  if (fromNew.length === 0) return [];
  if (kind === 'succeeded') return [`not the new state: ${fromNew.slice(0, 4).join('; ')}`];
  const fromOld = compareStates(ends.old.state, state);
  return fromOld.length === 0 ? [] : [`neither old nor new: ${fromOld.slice(0, 4).join('; ')}`];
}
