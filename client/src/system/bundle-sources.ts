import { blobsOf, findBundle, type Manifest } from '@swupd/manifests';
import type { BundleSources } from '../plan/choose-sources.ts';
import type { KnownRelease } from '../stages/fetch-manifests.ts';

/** What each bundle of the target offers to a device that has the installed one. */
export function bundleSources(target: KnownRelease, installed: KnownRelease | undefined): BundleSources[] {
  return [...target.manifests].map(([name, manifest]) => {
    const before = installed?.manifests.get(name);
    return {
      bundle: findBundle(target.mom, name),
      blobs: digestsOf(manifest),
      installed: before === undefined ? undefined : { version: before.version, blobs: digestsOf(before) },
    };
  });
}

function digestsOf(manifest: Manifest): Set<ReturnType<typeof blobsOf>[number]['digest']> {
  return new Set(blobsOf(manifest).map(({ digest }) => digest));
}
