import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Mom } from '@swupd/manifests';
import { parseRepoPath } from '@swupd/shared';
import { closeDeltaWorkers } from '@swupd/shared/delta';
import { afterAll, afterEach, beforeEach } from 'vitest';
import type { Device } from '../device/device.ts';
import type { DeviceOptions, Ports } from '../device/ports.ts';
import { changeDevice, readDevice } from '../device/with-device.ts';
import { noise, openTestSource } from '../repository/test-server.ts';
import { TestRepository } from '../test-repository.ts';
import {
  describeTree,
  dir,
  file,
  hardLink,
  MEMORY,
  symlink,
  type Tree,
  temporaryFolder,
  testPorts,
} from '../test-support.ts';
import type { TestOffer } from '../test-trust.ts';
import { cuttingDisk } from '../transaction/test-cuts.ts';
import { type DiagnoseOptions, diagnose } from './diagnose.ts';
import { osInstall } from './os-install.ts';
import { update } from './update.ts';

export const random = (size: number, seed: number): string => noise(size, seed).toString('latin1');
export const changed = (content: string): string => `${content.slice(0, 5000)}changed${content.slice(5000)}`;
export const PROGRAM = random(20_000, 1);
export const LIBRARY = random(30_000, 2);

export const CORE: Tree = {
  etc: dir(),
  'etc/conf': file('one\n', { pathClass: 'config' }),
  usr: dir(),
  'usr/program': file(PROGRAM, { mode: 0o755 }),
  'usr/program-2': hardLink('usr/program'),
  'usr/link': symlink('program'),
  'usr/old': file('goes'),
};
export const CORE_20: Tree = {
  ...CORE,
  'etc/conf': file('two\n', { pathClass: 'config' }),
  'usr/program': file(changed(PROGRAM), { mode: 0o755 }),
  'usr/new': dir({ mode: 0o700 }),
  'usr/new/file': file('comes'),
};
const { 'usr/old': _old, ...rest } = CORE_20;
export const WITHOUT_OLD: Tree = rest;
export const LIBS: Tree = { usr: dir(), 'usr/lib': file(LIBRARY) };
export const GAMES: Tree = { usr: dir(), 'usr/game': file('play') };
export const EDITORS: Tree = { usr: dir(), 'usr/editor': file(random(10_000, 3)) };
export const BUNDLES = {
  'os-core': { tree: CORE },
  libs: { tree: LIBS },
  games: { tree: GAMES },
  editors: { tree: EDITORS, includes: ['libs'], alsoAdd: ['games'] },
};
export const BUNDLES_20 = {
  ...BUNDLES,
  'os-core': { tree: WITHOUT_OLD },
  libs: { tree: { usr: dir(), 'usr/lib': file(changed(LIBRARY)) } },
};

export const DIAGNOSE: DiagnoseOptions = {
  bundles: [],
  files: [],
  quick: false,
  picky: false,
  extraOnly: false,
  pickyTree: parseRepoPath('usr'),
  pickyWhitelist: /^\/usr\/local/,
};
export const INSTALL = {
  bundles: [] as readonly string[] | 'all',
  skipOptional: false,
  force: false,
  dryRun: false,
  downloadOnly: false,
};
export const UPDATE = { dryRun: false, downloadOnly: false };

export let folder: ReturnType<typeof temporaryFolder>;
export let repository: TestRepository;
export let root: string;
export let state: string;
/** Gives each test of a file a repository with build 10, an empty root and a state directory. */
export function useSystem(): void {
  afterAll(() => closeDeltaWorkers());
  beforeEach(async () => {
    folder = temporaryFolder(MEMORY);
    repository = new TestRepository(join(folder.path, 'repo'));
    root = join(folder.path, 'root');
    state = join(folder.path, 'state');
    mkdirSync(root);
    await repository.publish({ version: 10, bundles: BUNDLES });
  });
  afterEach(() => folder[Symbol.dispose]());
}

export type Command<T> = (device: Device) => Promise<T>;

/** The real disk, but that syncs take no time. */
export const QUICK = cuttingDisk().disk;
const options = (some: Partial<DeviceOptions> = {}): DeviceOptions => ({
  root,
  stateDirectory: state,
  url: repository.path,
  trustAnchor: repository.anchor,
  ...some,
});
export const change = <T>(
  command: Command<T>,
  ports: Partial<Ports> = {},
  some: Partial<DeviceOptions> = {},
): Promise<T> => changeDevice(testPorts({ disk: QUICK, ...ports }), options(some), command);
export const read = <T>(
  command: Command<T>,
  ports: Partial<Ports> = {},
  some: Partial<DeviceOptions> = {},
): Promise<T> => readDevice(testPorts({ disk: QUICK, ...ports }), options(some), command);
/** Ports that write down what is asked of the repository. */
export const asking = (names: string[]): Partial<Ports> => ({
  openRepository: (url) => {
    const source = openTestSource(url);
    return {
      ...source,
      fetch: (name, some) => {
        names.push(name);
        return source.fetch(name, some);
      },
    };
  },
});

export const install = (...bundles: string[]) =>
  change((device) => osInstall(device, { ...INSTALL, bundles }));
export const updateAll = (some = {}) => change((device) => update(device, { ...UPDATE, ...some }));
export const problems = async (some: Partial<DiagnoseOptions> = {}): Promise<string[]> =>
  (await read((device) => diagnose(device, { ...DIAGNOSE, ...some }))).findings.map(
    ({ path, problem }) => `${path} ${problem}`,
  );
export const merged = (...trees: Tree[]): Record<string, string> => describeTree(Object.assign({}, ...trees));

/** A tree that is told from those of other builds by one file. */
export const treeOf = (version: number): Tree => ({
  ...WITHOUT_OLD,
  'usr/version': file(`build ${version}`),
});
/** Publishes a build of that tree. */
export const publish = (version: number, offer: TestOffer = {}): Promise<Mom> =>
  repository.publish({ version, bundles: { ...BUNDLES_20, 'os-core': { tree: treeOf(version) } }, offer });
/** Ports whose clock stands still. */
export const at = (now: number): Partial<Ports> => ({ now: () => now });
