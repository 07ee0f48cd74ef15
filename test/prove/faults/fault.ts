import { constants } from 'node:os';
import type { Random } from '../../fuzz/random.ts';

/** Calls of the C library that fail from some moment on. */
export interface Fault {
  /** Names of libfiu's failure points, with * at the end. */
  readonly points: string;
  readonly error: keyof typeof ERRORS;
  /** How many of the calls fail, in hundredths; 'once': the next one only. */
  readonly share: number | 'once';
}

const { EIO, ENOSPC, EINTR, EDQUOT, EMFILE } = constants.errno;
const ERRORS = { EIO, ENOSPC, EINTR, EDQUOT, EMFILE };
const NAMES = Object.keys(ERRORS) as (keyof typeof ERRORS)[];

/** Reads and writes of files and sockets, short ones too; opening; syncing; renaming and removing. */
const POINTS = [
  'posix/io/rw/*',
  'posix/io/rw/write*',
  'posix/io/rw/pwrite*',
  'posix/io/rw/read*',
  'posix/io/rw/pread*',
  'posix/io/rw/ftruncate',
  'posix/io/oc/open',
  'posix/io/oc/close',
  'posix/io/sync/*',
  'posix/io/dir/*',
  'posix/io/dir/rename',
  'posix/io/dir/unlink',
  'posix/io/*',
];

export function chooseFault(random: Random): Fault {
  return {
    points: random.pick(POINTS),
    error: random.pick(NAMES),
    share: random.pick(['once', 2, 10, 40, 100] as const),
  };
}

export function describeFault({ points, error, share }: Fault): string {
  return `${error} from ${share === 'once' ? 'one call' : `${share} % of the calls`} of ${points}`;
}

/** The order for a process under libfiu: see fiu-run(1). */
export function orderFor({ points, error, share }: Fault): string {
  const failure = `name=${points},failinfo=${ERRORS[error]}`;
  return share === 'once'
    ? `enable ${failure},onetime`
    : `enable_random ${failure},probability=${share / 100}`;
}
