import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type DocumentRef,
  LAYOUT,
  type Manifest,
  type Mom,
  type MomBundle,
  type ObjectName,
  type Pointer,
  parseManifest,
  parsePointer,
  parseRoot,
  type Root,
  verifyMom,
} from '@swupd/manifests';
import { decompressFrame } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { BuildError } from '../build-error.ts';

/** What is published before a build. */
export interface Published {
  readonly root: Root;
  /** Undefined before the first build. */
  readonly pointer: Pointer | undefined;
}

/** @throws BuildError `not-a-repository`; TrustError where the metadata is not what init and build have signed */
export function readPublished(repository: string): Published {
  const rootPath = join(repository, LAYOUT.root(1));
  if (!existsSync(rootPath)) {
    throw new BuildError('not-a-repository', `${repository} is no repository: it has no ${LAYOUT.root(1)}`, {
      hint: `Found one with 'swupd-server init ${repository}'.`,
    });
  }
  const root = parseRoot(readFileSync(rootPath));
  const pointerPath = join(repository, LAYOUT.pointer);
  const pointer = existsSync(pointerPath) ? parsePointer(readFileSync(pointerPath), root) : undefined;
  return { root, pointer };
}

/**
 * The newest `count` builds, newest first; fewer where there are no more.
 * @throws BuildError `bad-repository`; TrustError where a MoM is not signed
 */
export function readReleases(repository: string, { root, pointer }: Published, count: number): Mom[] {
  const releases: Mom[] = [];
  let version = pointer?.release.version ?? 0;
  while (version > 0 && releases.length < count) {
    const files = {
      mom: readObject(repository, LAYOUT.mom(version)),
      signatures: readObject(repository, LAYOUT.momSignatures(version)),
    };
    const mom = verifyMom(files, root, releases.length === 0 ? pointer?.release : undefined);
    releases.push(mom);
    version = mom.previous;
  }
  return releases;
}

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

function readObject(repository: string, name: ObjectName): Uint8Array {
  try {
    return readFileSync(join(repository, name));
  } catch (cause) {
    throw damaged(repository, name, cause);
  }
}

function damaged(repository: string, name: ObjectName, cause?: unknown): BuildError {
  return new BuildError('bad-repository', `${join(repository, name)} is missing or damaged`, {
    cause,
    details: { name },
    hint: 'Restore the file from a copy of the repository and build again.',
  });
}
