import type { BenchDevice } from './bench-device.ts';
import { answersOf, type ClientResult } from './client.ts';
import { type DeviceState, differences, isTreeLine, treeLines } from './device-state.ts';
import type { Prepared } from './prepare-scenario.ts';
import { RECOVER } from './scenarios.ts';

export interface Verdict {
  /** What the device is, where it is one of the two. */
  readonly is: 'old' | 'new' | 'neither';
  /** What recovery says that it has done. */
  readonly recovery: string;
  /** One line for each thing that is wrong; empty where the claim holds. */
  readonly wrong: readonly string[];
}

/** How a command ended, and what it has printed. */
type Said = Pick<ClientResult, 'exit' | 'stdout' | 'stderr'>;

/** So many differences say what has happened. */
const SHOWN = 12;

/** Whether the root is neither the old one nor the new one: what recovery is for. */
export function isBetween(device: BenchDevice, { before, after }: Prepared): boolean {
  const found = treeLines(device.root).sort();
  return [before, after].every((state) => differences(state.filter(isTreeLine), found).length > 0);
}

/** Recovers the device with a process of its own, and judges it. */
export async function judgeDevice(device: BenchDevice, prepared: Prepared): Promise<Verdict> {
  return judgeRecovered(device, prepared, await device.run(RECOVER, prepared.origin));
}

/**
 * Looks whether a device is all of what it was before the command or all of what the command makes, the client knows which, nothing beside
 * the root has changed, and the same command can do its work now.
 */
export async function judgeRecovered(
  device: BenchDevice,
  prepared: Prepared,
  recovered: Said,
): Promise<Verdict> {
  const { scenario, origin, before, after, outside } = prepared;
  const recovery = String(answersOf(recovered, 'result')[0]?.recovery ?? 'nothing-to-do');
  const found = await device.state();
  const is = equal(found, before) ? 'old' : equal(found, after) ? 'new' : 'neither';
  const wrong = [
    ...(succeeded(recovered) ? [] : [`recovery ended with ${recovered.exit}: ${saidBy(recovered)}`]),
    ...(is === 'neither' ? strangeness(found, prepared) : []),
    ...differences(outside, device.outside()).map((line) => `outside: ${line}`),
  ];
  if (is !== 'old' || wrong.length > 0) return { is, recovery, wrong };
  const again = await device.call(scenario.command, origin);
  const left = again.exit === 0 ? differences(after, await device.state()) : [];
  return {
    is,
    recovery,
    wrong: [
      ...(again.exit === 0 ? [] : [`the same command again ended with ${again.exit}: ${saidBy(again)}`]),
      ...left.slice(0, SHOWN).map((line) => `after the same command again: ${line}`),
    ],
  };
}

/** A command that was cut off before it made a state directory has left nothing that could be recovered. */
function succeeded(result: Said): boolean {
  return result.exit === 0 || answersOf(result, 'error').some(({ code }) => code === 'not-installed');
}

function equal(a: DeviceState, b: DeviceState): boolean {
  return differences(a, b).length === 0;
}

/** Differences from the nearer of the two. */
function strangeness(found: DeviceState, { before, after }: Prepared): string[] {
  const [fromOld, fromNew] = [differences(before, found), differences(after, found)];
  const [name, lines] = fromOld.length < fromNew.length ? ['old', fromOld] : ['new', fromNew];
  return [`${lines.length} differences from the ${name} state`, ...lines.slice(0, SHOWN)];
}

function saidBy({ stdout, stderr }: Said): string {
  return `${stdout}${stderr}`.trim().split('\n').slice(-3).join(' | ');
}
