import { formatBytes } from '@swupd/shared/terminal';
import type { Device } from '../device/device.ts';
import { DeviceError } from '../device-error.ts';
import type { DiskSpace } from '../disk/index.ts';
import type { SourceChoice } from '../plan/choose-sources.ts';
import type { ChangePlan, Step } from '../plan/plan.ts';
import { planSpace } from '../plan/space.ts';
import { Areas, STAGING } from '../transaction/staging/areas.ts';

/** Room on one file system that the plan touches. */
export interface SpaceReport {
  /** Where it is mounted, as far as the root knows. */
  readonly place: string;
  readonly neededBytes: number;
  readonly freeBytes: number;
  readonly neededNodes: number;
  readonly freeNodes: number;
}

/**
 * Compares what the plan needs with what is free, for each file system.
 * @throws DeviceError `no-space`
 */
export function checkSpace(
  device: Device,
  plan: ChangePlan,
  { downloadBytes, requests }: Pick<SourceChoice, 'downloadBytes' | 'requests'>,
): SpaceReport[] {
  const areas = new Areas(device.root, device.state.top, STAGING);
  try {
    const stateDevice = device.state.top.stat().device;
    const homes = new Map<number, { place: string; space: DiskSpace }>();
    homes.set(stateDevice, { place: 'the state directory', space: device.state.top.space() });
    const deviceOf = (step: Step): number => {
      const id = areas.deviceFor(step.entry.path);
      if (!homes.has(id)) homes.set(id, areas.spaceFor(step.entry.path));
      return id;
    };
    const needs = planSpace({
      plan,
      deviceOf,
      stateDevice,
      downloads: { bytes: downloadBytes, files: requests },
      isCached: (digest) => device.cache.has(digest),
      blockSizeOf: (id) => (homes.get(id)?.space ?? device.root.space()).blockSize,
    });
    const reports = [...needs].map(([id, need]): SpaceReport => {
      const { place, space } = homes.get(id) ?? { place: 'the root', space: device.root.space() };
      return {
        place,
        neededBytes: need.bytes,
        freeBytes: space.freeBytes,
        neededNodes: need.nodes,
        freeNodes: space.freeNodes,
      };
    });
    for (const report of reports) refuseIfShort(report);
    return reports;
  } finally {
    areas.close();
  }
}

function refuseIfShort(report: SpaceReport): void {
  const { place, neededBytes, freeBytes, neededNodes, freeNodes } = report;
  const shortOfNodes = neededNodes > freeNodes;
  if (neededBytes <= freeBytes && !shortOfNodes) return;
  const short = shortOfNodes
    ? `${neededNodes} inodes, ${freeNodes} are free`
    : `${formatBytes(neededBytes)}, ${formatBytes(freeBytes)} are free`;
  throw new DeviceError('no-space', `the file system of ${place} needs room for ${short}`, {
    details: { ...report },
    hint: "Free some space ('swupd clean' empties the cache), or remove bundles. Nothing has been changed.",
  });
}
