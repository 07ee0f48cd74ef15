import { blobsOf, FormatError, type Manifest, type PackRef, parsePackHead } from '@swupd/manifests';
import type { PackLayout } from '../plan/pack-layout.ts';

/** What a pack is by what has been verified: its line in the MoM, and the two manifests that it lies between. */
export interface PackOrigin {
  readonly bundle: string;
  readonly pack: PackRef;
  readonly to: Manifest;
  /** The installed one; undefined where the bundle is not installed. */
  readonly from: Manifest | undefined;
}

/**
 * What is where in a pack, by its head, which may be hostile. The frames fill the pack up to the size in the MoM: without that a
 * lie about sizes would only show after all has been fetched. `manifests/spec/pack.md`, "Trust".
 * @throws FormatError `bad-pack`, `bad-manifest`, `unknown-format`
 */
export function parsePackLayout(head: Uint8Array, { bundle, pack, to, from }: PackOrigin): PackLayout {
  const isZero = pack.from === 0 || from === undefined;
  const index = parsePackHead(head, { to: blobsOf(to), from: isZero ? [] : blobsOf(from) });
  if (index.bundle !== bundle || index.from !== pack.from || index.to !== to.version) {
    const found = `${index.bundle} from ${index.from} to ${index.to}`;
    throw new FormatError('bad-pack', `the pack is one of ${found}, not the one of the MoM`);
  }
  const size = index.frames.reduce((sum, { storedSize }) => sum + storedSize, head.length);
  if (size !== pack.size)
    throw new FormatError('bad-pack', `the pack's frames end at ${size} of ${pack.size} bytes`);
  return { headSize: head.length, frames: index.frames };
}
