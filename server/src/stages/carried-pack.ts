import { LAYOUT, type Mom, type PackRef } from '@swupd/manifests';
import type { BuildContext } from './build-context.ts';

/** The pack between two manifests of a bundle that the `previous` build has already, if its file is there. */
export function carriedPack(
  { bundle, from, to }: { readonly bundle: string; readonly from: number; readonly to: number },
  previous: Mom | undefined,
  { writer }: BuildContext,
): PackRef | undefined {
  const known = previous?.bundles.find(({ name, version }) => name === bundle && version === to);
  const ref = known?.packs.find((pack) => pack.from === from);
  return ref !== undefined && writer.find(LAYOUT.pack(ref.digest))?.storedSize === ref.size ? ref : undefined;
}
