import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { forge } from '../../attacks/forge.ts';
import { TestRepository } from '../../support/test-repository.ts';
import { file } from '../../support/tree.ts';
import type { BenchServer } from '../bench-server.ts';
import type { Row } from '../row.ts';
import { Workshop } from '../workshop.ts';
import { verifyTimes } from './verify-times.ts';

const BUILDS = 50;
const ROOTS = 40;
const BARS = { requests: 2, milliseconds: 30, bytes: 4096 };

/**
 * What trust costs with 50 offered builds and two of three signatures: a repository by the real generator, and the real programs
 * against it.
 */
export async function measureTrust(): Promise<Row[]> {
  const folder = mkdtempSync(join(tmpdir(), 'swupd-bench-trust-'));
  try {
    return await measureIn(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function measureIn(folder: string): Promise<Row[]> {
  const now = Math.floor(Date.now() / 1000);
  const repository = new TestRepository(folder, now);
  for (let version = 1; version <= BUILDS; version++) {
    process.stderr.write(`build ${version} of ${BUILDS}\r`);
    const tree = { 'usr/version': file(`${version}`), 'usr/same': file('same') };
    await repository.build(version, { bundles: { 'os-core': tree } }, { deltas: 0 });
  }
  const workshop = new Workshop(folder, '', (text) => process.stderr.write(text));
  await using server = await workshop.serve();
  const root = workshop.freshRoot('device');
  await workshop.swupd(root, server, ['os-install']);
  const rows = [
    ...(await quietRows(workshop, server, root)),
    ...sizeRows(join(repository.path, 'metadata')),
    ...verifyRows(repository, now, `${BUILDS} builds offered`),
  ];
  for (let step = 0; step < ROOTS; step++) forge(repository, 'root', { keys: ['root-1', 'root-2'] });
  return [
    ...rows,
    ...(await checkRows(workshop, server, { root, figure: `check-update after ${ROOTS} new roots` })),
    ...verifyRows(repository, now, `${ROOTS + 1} roots`, false),
  ];
}

/** The second run counts: the first one may have to fill the disk's cache. */
async function quietRows(workshop: Workshop, server: BenchServer, root: string): Promise<Row[]> {
  const figure = 'nothing new: check-update';
  await checkRows(workshop, server, { root, figure });
  return checkRows(workshop, server, { root, figure, requests: BARS.requests });
}

async function checkRows(
  workshop: Workshop,
  server: BenchServer,
  { root, figure, requests }: { readonly root: string; readonly figure: string; readonly requests?: number },
): Promise<Row[]> {
  server.take();
  const { seconds } = await workshop.swupd(root, server, ['check-update']);
  const taken = server.take();
  return [
    { figure: `${figure}: HTTP requests`, measured: taken.requests, bar: requests, unit: 'requests' },
    { figure: `${figure}: bytes on the wire`, measured: taken.bytes, bar: undefined, unit: 'bytes' },
    { figure: `${figure}: time`, measured: seconds, bar: undefined, unit: 's' },
  ];
}

function verifyRows(repository: TestRepository, clock: number, figure: string, hasBar = true): Row[] {
  const { cold, warm } = verifyTimes(repository.path, clock);
  const bar = hasBar ? BARS.milliseconds : undefined;
  return [
    { figure: `verify a release, ${figure}: first in its process`, measured: cold, bar, unit: 'ms' },
    { figure: `verify a release, ${figure}: later`, measured: warm, bar, unit: 'ms' },
  ];
}

/** The newest file of each role. */
function sizeRows(folder: string): Row[] {
  const newest = new Map<string, number>();
  for (const name of readdirSync(folder)) {
    const [, version = '0', role = ''] = /^(?:([0-9]+)\.)?(.+)\.json$/.exec(name) ?? [];
    newest.set(role, Math.max(newest.get(role) ?? 0, Number(version)));
  }
  return [...newest].sort().map(([role, version]): Row => {
    const name = version === 0 ? `${role}.json` : `${version}.${role}.json`;
    return {
      figure: `size of ${role}.json`,
      measured: statSync(join(folder, name)).size,
      bar: BARS.bytes,
      unit: 'bytes',
    };
  });
}
