import { type DocumentRef, LAYOUT, type Manifest, type MomBundle, parseManifest } from '@swupd/manifests';
import { decompressFrame } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { damaged, readObject } from './read-object.ts';

/** A published manifest. @throws BuildError `bad-repository`; FormatError `bad-manifest` */
export function readManifest(repository: string, bundle: MomBundle): Manifest {
  return parseManifest(readDocument(repository, bundle.manifest));
}

/** The plain bytes of a published document, verified. @throws BuildError `bad-repository` */
export function readDocument(repository: string, { digest, size, storedDigest }: DocumentRef): Uint8Array {
  const name = LAYOUT.document(digest);
  const stored = readObject(repository, name);
  if (hashContent(stored) !== storedDigest) throw damaged(repository, name);
  return decompressFrame(stored, size);
}
