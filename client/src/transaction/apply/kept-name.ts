import type { FileName } from '@swupd/shared';
import { type Directory, ownName } from '../../disk/index.ts';

const NAME_MAX = 255;

/** `name.kept-1`, or the next number that is free: where something that is not ours goes when it is in the way. */
export function freeName(directory: Directory, name: FileName): FileName {
  for (let number = 1; ; number++) {
    const suffix = `.kept-${number}`;
    const candidate = ownName(`${name.slice(0, NAME_MAX - suffix.length)}${suffix}`);
    if (directory.lookup(candidate) === undefined) return candidate;
  }
}
