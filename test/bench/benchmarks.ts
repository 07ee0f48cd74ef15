import { appendFileSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import type { BenchServer } from './bench-server.ts';
import { memory, type Row, seconds } from './row.ts';
import { measureSyncs } from './syncs.ts';
import type { Workshop } from './workshop.ts';

const GENERATOR_MEMORY = 1500;
const CLIENT_MEMORY = 350;

/** The benchmarks by name, in the order in which `all` runs them. Each makes what it needs. */
export const BENCHMARKS: Readonly<Record<string, (workshop: Workshop) => Promise<Row[]>>> = {
  build10: async (workshop) => {
    const measured = await workshop.build(10, { fresh: true });
    const figure = 'build 10, nothing cached';
    return [seconds(figure, measured, 250), memory(figure, measured, GENERATOR_MEMORY)];
  },

  build20: async (workshop) => {
    if (!isDeepStrictEqual(workshop.versions(), [10])) await workshop.build(10, { fresh: true });
    const measured = await workshop.build(20);
    const figure = 'build 20 with deltas from 10';
    return [seconds(figure, measured, 157), memory(figure, measured, GENERATOR_MEMORY)];
  },

  install: async (workshop) => {
    await workshop.requireBuilds();
    await using server = await workshop.serve();
    const root = workshop.freshRoot('install');
    const measured = await workshop.swupd(root, server, ['os-install', '--all', '-V', '20']);
    const figure = 'os-install of everything';
    return [
      seconds(figure, measured, 20),
      ...wire(figure, server, { requests: 25, megabytes: 125 }),
      memory(figure, measured),
    ];
  },

  update: async (workshop) => {
    await workshop.requireBuilds();
    await using server = await workshop.serve();
    const root = workshop.freshRoot('update');
    await workshop.swupd(root, server, ['os-install', '--all', '-V', '10']);
    server.take();
    const measured = await workshop.swupd(root, server, ['update', '-V', '20']);
    const figure = 'update 10 to 20, all bundles';
    return [
      seconds(figure, measured, 12),
      ...wire(figure, server, { requests: 25 }),
      memory(figure, measured, CLIENT_MEMORY),
    ];
  },

  syncs: measureSyncs,

  verify: async (workshop) => {
    await workshop.requireBuilds();
    await using server = await workshop.serve();
    const root = workshop.freshRoot('verify');
    await workshop.swupd(root, server, ['os-install', '--all', '-V', '20']);
    const measured = await workshop.swupd(root, server, ['verify']);
    const figure = 'verify of everything, full hash';
    return [seconds(figure, measured, 2), memory(figure, measured)];
  },

  identical: async (workshop) => {
    await workshop.requireBuilds();
    await using server = await workshop.serve();
    // Awaited here: the server has to live as long.
    return await lifeOf(workshop, server, workshop.freshRoot('identical'));
  },

  rebuild: async (workshop) => {
    await workshop.requireBuilds();
    const [newest = 0] = workshop.versions().reverse();
    const measured = await workshop.build(newest + 1, { tree: 20 });
    const figure = 'second build of an identical tree';
    return [seconds(figure, measured, 10), memory(figure, measured, GENERATOR_MEMORY)];
  },

  quiet: async (workshop) => {
    await workshop.requireBuilds();
    await using server = await workshop.serve();
    const root = workshop.freshRoot('quiet');
    await workshop.swupd(root, server, ['os-install', '--all']);
    const rows: Row[] = [];
    for (const args of [['check-update'], ['update']]) {
      // The second run counts: the first one may have to fill the disk's cache.
      await workshop.swupd(root, server, args);
      server.take();
      const measured = await workshop.swupd(root, server, args);
      const figure = `nothing to do: ${args.join(' ')}`;
      rows.push(
        seconds(figure, measured, 0.4),
        ...wire(figure, server, { requests: 4 }),
        memory(figure, measured),
      );
    }
    return rows;
  },
};

function wire(
  figure: string,
  server: BenchServer,
  { requests, megabytes }: { readonly requests: number; readonly megabytes?: number },
): Row[] {
  const taken = server.take();
  return [
    { figure: `${figure}: HTTP requests`, measured: taken.requests, bar: requests, unit: 'requests' },
    { figure: `${figure}: bytes on the wire`, measured: taken.bytes / 1e6, bar: megabytes, unit: 'MB' },
  ];
}

/** Install, update, add, remove and repair, and after each of them the tree against the build's. */
async function lifeOf(workshop: Workshop, server: BenchServer, root: string): Promise<Row[]> {
  const rows: Row[] = [];
  const check = (after: string, tree: number, bundles: readonly string[]): void => {
    const measured = workshop.differences(root, tree, bundles).length;
    rows.push({ figure: `tree after ${after}`, measured, bar: 0, unit: 'differences' });
  };
  const all = workshop.bundles();
  const optional = all.filter((name) => name !== 'os-core').at(-1) ?? '';
  await workshop.swupd(root, server, ['os-install', '--all', '-V', '10']);
  check('install', 10, all);
  await workshop.swupd(root, server, ['update', '-V', '20']);
  check('update', 20, all);
  await workshop.swupd(root, server, ['bundle-remove', optional, '-x']);
  check(
    'bundle-remove',
    20,
    all.filter((name) => name !== optional),
  );
  await workshop.swupd(root, server, ['bundle-add', optional]);
  check('bundle-add', 20, all);
  const files = readdirSync(join(root, 'usr/bin')).slice(0, 50);
  for (const [number, name] of files.entries()) {
    const path = join(root, 'usr/bin', name);
    if (number % 2 === 0) rmSync(path, { recursive: true });
    else appendFileSync(path, 'damaged');
  }
  await workshop.swupd(root, server, ['repair']);
  check('repair', 20, all);
  return rows;
}
