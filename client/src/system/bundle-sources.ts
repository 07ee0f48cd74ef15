import { blobsOf, findBundle, type Manifest } from '@swupd/manifests';
import type { Digest } from '@swupd/shared';
import type { BundleSources } from '../plan/source.ts';
import type { KnownRelease } from '../stages/fetch-manifests.ts';

/** What each bundle of the target offers to a device that has the installed one. */
export function bundleSources(target: KnownRelease, installed: KnownRelease | undefined): BundleSources[] {
  return [...target.manifests].map(([name, manifest]) => {
    const before = installed?.manifests.get(name);
    return {
      bundle: findBundle(target.mom, name),
      blobs: new Map(blobsOf(manifest).map(({ digest, storedSize }) => [digest, storedSize])),
      installed: before === undefined ? undefined : { version: before.version, blobs: digestsOf(before) },
    };
  });
}

function digestsOf(manifest: Manifest): Set<Digest> {
  return new Set(blobsOf(manifest).map(({ digest }) => digest));
}
