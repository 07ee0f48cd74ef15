import type { Directory } from '../disk/index.ts';
import { kept } from './kept-settings.ts';

/** How much a device keeps of what it had before. */
export interface KeepLimit {
  /** Versions to go back to. */
  readonly versions: number;
  /** For the content that only they have. */
  readonly bytes: number;
}

/** The setting, one line: `2` or `2 500M`. */
export const KEEP_FILE = 'keep';

const DEFAULT: KeepLimit = { versions: 1, bytes: Number.POSITIVE_INFINITY };
const LINE = /^(\d{1,3})(?:\s+(\d{1,12})([KMG])?)?$/;
const UNITS: Readonly<Record<string, number>> = { K: 1024, M: 1024 ** 2, G: 1024 ** 3 };

/** What `etc/swupd/keep` in the root says, or the file of the build; else one version. `warn` hears of a line that is none. */
export function keepLimit(root: Directory, warn: (message: string) => void): KeepLimit {
  const line = kept(root, KEEP_FILE);
  if (line === undefined) return DEFAULT;
  const [, versions, bytes, unit] = LINE.exec(line) ?? [];
  if (versions !== undefined) {
    const limit = bytes === undefined ? DEFAULT.bytes : Number(bytes) * (UNITS[unit ?? ''] ?? 1);
    return { versions: Number(versions), bytes: limit };
  }
  warn(
    `The setting 'keep' is '${line}', and not a number of versions such as '1' or '2 500M'. One version is kept.`,
  );
  return DEFAULT;
}
