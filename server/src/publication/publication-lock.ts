import { BuildError } from '../build-error.ts';
import { type BuildLock, takeBuildLock } from '../repository/build-lock.ts';

/** Publishing takes milliseconds, so whoever comes second waits for his turn: this often, and this long in between. */
const ATTEMPTS = 100;
const PAUSE_MS = 100;

/**
 * Calls `action` as the only one that publishes metadata. A build holds a lock of its own for all of its time, this one only while
 * it publishes: a timer goes on signing timestamps meanwhile.
 * @throws BuildError `build-running`
 */
export function withPublicationLock<T>(repository: string, pid: number, action: () => T): T {
  const lock = waitForLock(`${repository}.publishing.lock`, pid);
  try {
    return action();
  } finally {
    lock.release();
  }
}

function waitForLock(path: string, pid: number): BuildLock {
  for (let attempt = 1; ; attempt++) {
    try {
      return takeBuildLock(path, pid);
    } catch (error) {
      const isHeld = error instanceof BuildError && error.code === 'build-running';
      if (!isHeld || attempt === ATTEMPTS) throw error;
      sleep(PAUSE_MS);
    }
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
