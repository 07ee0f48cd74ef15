import type { Step } from './plan.ts';

/** What a plan needs of one file system before anything old can go. */
export interface SpaceNeed {
  readonly bytes: number;
  readonly nodes: number;
}

export interface SpaceInput {
  readonly steps: readonly Step[];
  /** The file system of each step's final name. */
  readonly deviceOf: (step: Step) => number;
  /** The file system of the state directory, which holds downloads and the cache. */
  readonly stateDevice: number;
  readonly downloads: { readonly bytes: number; readonly files: number };
  readonly blockSize: number;
}

/** Room that a plan takes at its worst moment, by file system: everything new beside everything old, and the downloads. */
export function planSpace({
  steps,
  deviceOf,
  stateDevice,
  downloads,
  blockSize,
}: SpaceInput): Map<number, SpaceNeed> {
  const needs = new Map<number, SpaceNeed>();
  const add = (device: number, bytes: number, nodes: number): void => {
    const before = needs.get(device) ?? { bytes: 0, nodes: 0 };
    needs.set(device, { bytes: before.bytes + bytes, nodes: before.nodes + nodes });
  };
  const rounded = (bytes: number): number => Math.ceil(bytes / blockSize) * blockSize;
  // Each file may leave the most of a block empty.
  const { bytes, files } = downloads;
  if (files > 0) add(stateDevice, rounded(bytes) + (files - 1) * blockSize, files);
  for (const step of steps) {
    const device = deviceOf(step);
    if (step.action === 'put-file') {
      add(device, rounded(step.entry.size), 1);
      // On its way to another file system a file is on both.
      if (device !== stateDevice) add(stateDevice, rounded(step.entry.size), 1);
    } else if (step.action === 'make-directory') add(device, blockSize, 1);
    else if (step.action === 'put-symlink') add(device, 0, 1);
  }
  return needs;
}
