import { ownName, readWhole } from '../../../client/src/disk/index.ts';
import { compareListings, type Listing, listImage, type ModelDisk, outside, part } from '../model/index.ts';
import { type Client, ROOT, STATE, verify } from './run-client.ts';

/** All that a cut must not leave half done. */
export interface SystemState {
  /** The root without what the client keeps in it for itself. */
  readonly tree: Listing;
  readonly outside: Listing;
  /** The bytes of the installed record; undefined where there is none. */
  readonly record: string | undefined;
}

export function systemState(disk: ModelDisk): SystemState {
  const listing = listImage(disk.image(), OWN);
  return { tree: part(listing, ROOT), outside: outside(listing, ROOT), record: recordOn(disk) };
}

/** The state directory, and what is kept for going back where the state is on another file system. */
const OWN = new RegExp(`^${STATE}(?:/|$)|/\\.swupd-kept(?:/|$)`);

/** What of `found` is not as in `expected`. */
export function compareStates(expected: SystemState, found: SystemState): string[] {
  const [wanted, seen] = [expected.record, found.record].map(oneLine);
  const record = wanted === seen ? [] : [`record: ${seen}, not ${wanted}`];
  return [
    ...record,
    ...compareListings(expected.tree, found.tree),
    ...compareListings(expected.outside, found.outside).map((line) => `outside of the root: ${line}`),
  ];
}

/** What `verify` finds; a device without a system has nothing to be verified. */
export function findingsOf(client: Client, { record }: SystemState): Promise<string[]> {
  return record === undefined ? Promise.resolve([]) : verify(client);
}

function oneLine(record: string | undefined): string {
  return record?.replace(/\s+/g, ' ') ?? 'none';
}

function recordOn(disk: ModelDisk): string | undefined {
  const root = disk.openRoot(ROOT);
  const open = [root];
  try {
    for (const name of ['var', 'lib', 'swupd']) {
      const last = open.at(-1);
      if (last?.lookup(ownName(name))?.type !== 'directory') return undefined;
      open.push(last.openDirectory(ownName(name)));
    }
    return readWhole(open.at(-1) ?? root, 'installed.json')?.toString();
  } finally {
    for (const directory of open) directory.close();
  }
}
