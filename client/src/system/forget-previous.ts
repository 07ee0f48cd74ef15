import type { Device } from '../device/device.ts';
import { readPrevious, writePrevious } from '../state/previous-versions.ts';
import { KeptContent } from '../transaction/apply/kept-content.ts';

/** Removes all that is kept of versions before. Gives the names that went (or would go) and their bytes. */
export function forgetPrevious(
  { root, state }: Device,
  dryRun: boolean,
): { readonly names: string[]; readonly bytes: number } {
  const { homes } = readPrevious(state.top);
  const kept = new KeptContent(root, state.top, homes);
  try {
    const blobs = kept.list();
    if (!dryRun && (blobs.length > 0 || homes.length > 0)) {
      // The versions first: what is listed can be gone back to.
      writePrevious(state.top, { versions: [], homes });
      kept.clear();
      writePrevious(state.top, { versions: [], homes: [] });
    }
    return {
      names: blobs.map(({ digest }) => `kept/${digest}`),
      bytes: blobs.reduce((sum, { size }) => sum + size, 0),
    };
  } finally {
    kept.close();
  }
}
