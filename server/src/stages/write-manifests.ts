import {
  type DifferenceRef,
  type DocumentRef,
  formatDeltaIndex,
  formatDifference,
  formatManifest,
  type Manifest,
} from '@swupd/manifests';
import { hashContent } from '@swupd/shared/io';
import type { BundlePlan } from '../plan/plan-bundle.ts';
import type { BuildContext } from './build-context.ts';
import { writeDocument } from './write-documents.ts';

/** The documents of one bundle. */
export interface BundleDocuments {
  readonly manifest: DocumentRef;
  readonly differences: readonly DifferenceRef[];
  readonly deltaIndex: DocumentRef | undefined;
}

/** Writes a bundle's manifest, its differences from earlier ones where they are smaller, and the list of its loose deltas. */
export function writeManifests({ update, deltas }: BundlePlan, { writer }: BuildContext): BundleDocuments {
  const { to, froms } = update;
  const bytes = formatManifest(to);
  const manifest = writeDocument(writer, bytes);
  const differences = froms.flatMap((from): DifferenceRef[] => {
    const difference = formatDifference(known(from), { manifest: to, digest: manifest.digest });
    const document = writeDocument(writer, difference, manifest.storedSize);
    return document === undefined ? [] : [{ from: from.version, document }];
  });
  const index = { bundle: to.bundle, deltas };
  return {
    manifest,
    differences,
    deltaIndex: deltas.length === 0 ? undefined : writeDocument(writer, formatDeltaIndex(index)),
  };
}

function known(manifest: Manifest) {
  return { manifest, digest: hashContent(formatManifest(manifest)) };
}
