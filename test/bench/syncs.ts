import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { changeDevice, type Disk, osInstall, type Ports, update } from '@swupd/client';
import { SILENT } from '@swupd/shared';
import { closeDeltaWorkers } from '@swupd/shared/delta';
import { identityOf, isAlive } from '@swupd/shared/io';
import { inlineExecutor } from '../../client/src/content/inline-executor.ts';
import { lazyExecutor } from '../../client/src/content/lazy-executor.ts';
import { workerExecutor } from '../../client/src/content/worker-executor.ts';
import { REAL_DISK } from '../../client/src/disk/index.ts';
import { openSource } from '../../client/src/repository/index.ts';
import type { Row } from './row.ts';
import { UNSYNCED_DISK } from './unsynced-disk.ts';
import type { Workshop } from './workshop.ts';

const RUNS = 3;

/** What it costs an update that a power cut can't harm it: syncs, and reading back, against the same update without any. */
export async function measureSyncs(workshop: Workshop): Promise<Row[]> {
  await workshop.requireBuilds();
  const pristine = workshop.freshRoot('syncs-10');
  await command(workshop, pristine, REAL_DISK, 'install');
  const synced: number[] = [];
  const unsynced: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    for (const [disk, times] of [
      [UNSYNCED_DISK, unsynced],
      [REAL_DISK, synced],
    ] as const) {
      const root = workshop.freshRoot('syncs');
      execFileSync('cp', ['-a', `${pristine}/.`, root]);
      execFileSync('sync', ['-f', root]);
      times.push(await command(workshop, root, disk, 'update'));
    }
  }
  await closeDeltaWorkers();
  const figure = 'update 10 to 20, all bundles';
  return [
    { figure: `${figure}: without syncs, median`, measured: median(unsynced), bar: undefined, unit: 's' },
    { figure: `${figure}: with syncs, median`, measured: median(synced), bar: undefined, unit: 's' },
    {
      figure: `${figure}: with syncs against without`,
      measured: median(synced) / median(unsynced),
      bar: 1.5,
      unit: 'times',
    },
  ];
}

/** Seconds that one command took, in this process. */
async function command(
  workshop: Workshop,
  root: string,
  disk: Disk,
  what: 'install' | 'update',
): Promise<number> {
  const trustAnchor = readFileSync(join(workshop.repository, 'metadata/1.root.json'));
  const options = { root, url: `file://${workshop.repository}`, trustAnchor };
  const started = performance.now();
  await changeDevice(portsOf(disk), options, async (device) => {
    if (what === 'update') await update(device, { version: 20, dryRun: false, downloadOnly: false });
    else
      await osInstall(device, {
        bundles: 'all',
        version: 10,
        skipOptional: false,
        force: false,
        dryRun: false,
        downloadOnly: false,
      });
  });
  return (performance.now() - started) / 1000;
}

function portsOf(disk: Disk): Ports {
  const threads = Math.max(1, Math.min(availableParallelism() - 1, 2));
  return {
    disk,
    processes: { self: identityOf(process.pid) ?? '', isAlive },
    now: () => Math.floor(Date.now() / 1000),
    openRepository: (url) =>
      openSource(url, { env: {}, userAgent: 'swupd/0', now: () => performance.now(), random: Math.random }),
    startExecutor: () =>
      lazyExecutor({
        inline: inlineExecutor(disk),
        threads,
        startWorkers: () => workerExecutor(threads),
        signal: new AbortController().signal,
      }),
    progress: SILENT,
    warn: (message) => void process.stderr.write(`${message}\n`),
    parallel: 6,
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}
