import { DeviceError } from '../device-error.ts';
import { errnoOf } from '../disk/index.ts';

/** Whether it is a failure of the disk or of what was prepared on it: all else is a fault of the program, or its end. */
export function isFailure(cause: unknown): cause is Error {
  return cause instanceof DeviceError || errnoOf(cause) !== undefined;
}

/** A change that could not be carried through, and of which nothing is left. */
export function changeFailed(cause: Error): DeviceError {
  if (cause instanceof DeviceError && cause.code === 'read-back-failed') return cause;
  const errno = errnoOf(cause);
  const isFull = errno === 'ENOSPC' || errno === 'EDQUOT';
  return new DeviceError(
    isFull ? 'no-space' : 'apply-failed',
    `the changes could not be carried through${errno === undefined ? '' : ` (${errno})`}, and have been taken back: ${cause.message}`,
    { cause, details: { errno, takenBack: true }, hint: HINTS[errno ?? ''] ?? HINT },
  );
}

/** The system is neither what it was nor what it should be, until somebody runs `swupd recover`. */
export function takeBackFailed(failure: Error, cause: Error | undefined): DeviceError {
  const why = cause === undefined ? '' : ` after ${cause.message}`;
  return new DeviceError('unfinished', `the changes could not be taken back${why}: ${failure.message}`, {
    cause: failure,
    details: { errno: errnoOf(failure), committed: false },
    hint: "Remove the cause, then run 'swupd recover': it goes on. Nothing is lost.",
  });
}

/** The new version is installed; what it no longer needs could not be cleared away. */
export function clearUpFailed(failure: Error): DeviceError {
  return new DeviceError(
    'unfinished',
    `the changes are made, but what they leave behind could not be cleared away: ${failure.message}`,
    {
      cause: failure,
      details: { errno: errnoOf(failure), committed: true },
      hint: "Remove the cause, then run 'swupd recover': it goes on.",
    },
  );
}

/** What was begun can't go on either way. */
export function notMounted(places: readonly string[]): DeviceError {
  return new DeviceError(
    'unfinished',
    `changes were cut off on a file system that is not mounted now: ${places.join(', ')}`,
    { details: { places }, hint: "Mount it, then run 'swupd recover'." },
  );
}

const HINT = 'Everything is as it was. Remove the cause, and run the command again.';
const HINTS: Readonly<Record<string, string>> = {
  ENOSPC:
    "Everything is as it was. Free some space ('swupd clean' empties the cache), and run the command again.",
  EDQUOT: 'Everything is as it was. Raise the quota of the user, and run the command again.',
  EROFS:
    'Everything is as it was. Mount the file system so that it can be written, and run the command again.',
  EPERM: 'Everything is as it was. Look for immutable files (lsattr), and run the command again.',
  EBUSY:
    'Everything is as it was. Something is mounted on a path that has to change; unmount it, and run the command again.',
  EXDEV:
    'Everything is as it was. A directory of the root is a bind mount of its own; unmount it, and run the command again.',
};
