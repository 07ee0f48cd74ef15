import {
  type Directory,
  type Disk,
  ownName,
  readWhole,
  removeIfThere,
  replaceFile,
} from '../../disk/index.ts';
import type { Home } from '../../state/home.ts';
import type { Areas } from './areas.ts';

/** Names the homes of staging areas outside of the state directory, from before the first is made until the last is gone. */
const FILE = 'staging-homes';

/** Remembers where content is about to be staged, so that whoever comes after a cut finds it. */
export function noteHomes(state: Directory, homes: Iterable<Home>): void {
  const outside = [...new Set(homes)].filter((home) => home !== 'state');
  if (outside.length > 0) replaceFile(state, FILE, Buffer.from(JSON.stringify(outside)));
}

/** Removes what is staged at `homes` and at all homes that were noted; not durably. */
export function removeStaged(state: Directory, areas: Areas, homes: Iterable<Home> = []): void {
  areas.remove([...homes, 'state', ...notedHomes(state)]);
}

/**
 * What was staged outside of the state directory, at `homes` and where it was noted, has been removed: once that is durable,
 * nobody has to know where it was.
 */
export function forgetHomes(
  state: Directory,
  areas: Areas,
  { disk, homes = [] }: { readonly disk: Disk; readonly homes?: Iterable<Home> },
): void {
  const outside = [...homes, ...notedHomes(state)].filter((home) => home !== 'state');
  if (outside.length === 0) return;
  areas.sync(disk, outside);
  removeIfThere(state, ownName(FILE));
}

/** A damaged list counts as one that names the root: that is the one home that there can always be. */
function notedHomes(state: Directory): Home[] {
  const bytes = readWhole(state, FILE);
  if (bytes === undefined) return [];
  try {
    const homes: unknown = JSON.parse(bytes.toString());
    if (Array.isArray(homes)) return homes.filter((home): home is Home => typeof home === 'string');
  } catch {
    // Torn, although it is replaced as a whole: a disk that lies.
  }
  return ['root'];
}
