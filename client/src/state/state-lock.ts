import { DeviceError } from '../device-error.ts';
import { type Directory, errnoOf, ownName, readWhole, removeIfThere } from '../disk/index.ts';

/** What the lock needs to know of processes: identities that no two processes share, whether or not they run at one time. */
export interface ProcessTable {
  readonly self: string;
  isAlive(identity: string): boolean;
}

const LOCK = /^lock\.([1-9]\d{0,14})$/;
const ATTEMPTS = 20;

/**
 * Takes the lock of changing commands. A lock whose owner is gone is taken over.
 *
 * Locks are numbered, and the highest number counts. A number is never given twice while a higher one is unknown to its taker,
 * and nobody removes or renames a lock that may be somebody's: of several that find a stale lock, each tries to make the next
 * number, link(2) lets one succeed, and whoever comes too late finds a higher number than its own.
 * @returns the function that gives it back
 * @throws DeviceError `locked`
 */
export function takeLock(state: Directory, processes: ProcessTable): () => void {
  const own = ownName(`lock-of-${pidOf(processes.self)}`);
  removeIfThere(state, own);
  const file = state.createFile(own, 0o644);
  try {
    file.write(Buffer.from(processes.self));
  } finally {
    file.close();
  }
  try {
    for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
      const highest = lockNumbers(state).at(-1) ?? 0;
      const owner = readWhole(state, `lock.${highest}`)?.toString() ?? '';
      if (owner !== '' && processes.isAlive(owner)) throw locked(owner);
      if (tryNumber(state, own, highest + 1)) return () => release(state, highest + 1);
    }
    throw locked(undefined);
  } finally {
    removeIfThere(state, own);
  }
}

/** Makes the lock `number`, and says whether it is the one that counts. */
function tryNumber(state: Directory, own: ReturnType<typeof ownName>, number: number): boolean {
  try {
    state.makeLink(own, state, nameOf(number));
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false;
    throw error;
  }
  const numbers = lockNumbers(state);
  const counts = numbers.at(-1) === number;
  if (!counts) removeIfThere(state, nameOf(number));
  else for (const old of numbers) if (old < number) removeIfThere(state, nameOf(old));
  return counts;
}

/** The file stays, so that the next lock gets a higher number; empty, it is nobody's. */
function release(state: Directory, number: number): void {
  state.appendFile(nameOf(number), 0, 0o644).close();
}

/** In rising order. */
function lockNumbers(state: Directory): number[] {
  return state
    .list()
    .map((name) => Number(LOCK.exec(name)?.[1]))
    .filter((number) => number > 0)
    .sort((a, b) => a - b);
}

function nameOf(number: number): ReturnType<typeof ownName> {
  return ownName(`lock.${number}`);
}

function locked(owner: string | undefined): DeviceError {
  const pid = owner === undefined ? 'unknown' : pidOf(owner);
  return new DeviceError('locked', `another swupd (process ${pid}) is changing this system`, {
    details: { pid },
    hint: 'Wait until it is done. Commands that only read can run beside it.',
  });
}

function pidOf(identity: string): string {
  return identity.split(' ')[0] ?? '';
}
