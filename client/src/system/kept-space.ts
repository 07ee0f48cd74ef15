import type { Device } from '../device/device.ts';
import { readPrevious } from '../state/previous-versions.ts';
import { KeptContent } from '../transaction/apply/kept-content.ts';

/** What the device can go back to, and what that costs it. */
export interface KeptSpace {
  /** The newest first. */
  readonly versions: readonly number[];
  /** Of content that nothing else needs. */
  readonly bytes: number;
}

export function keptSpace({ root, state }: Device): KeptSpace {
  const { versions, homes } = readPrevious(state.top);
  const kept = new KeptContent(root, state.top, homes);
  try {
    return {
      versions: versions.map(({ record }) => record.version),
      bytes: kept.list().reduce((sum, { size }) => sum + size, 0),
    };
  } finally {
    kept.close();
  }
}
