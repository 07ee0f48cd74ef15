import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  formatMom,
  formatMomSignatures,
  formatPointer,
  LAYOUT,
  type Mom,
  type MomBundle,
  parseMom,
  parsePointer,
  parseRoot,
} from '@swupd/manifests';
import { bytesOf, compressFrame, decompressFrame, sha256 } from '@swupd/shared';
import type { TestRepository } from './test-repository.ts';

/** The text of a bundle's manifest in build `version`, as a byte string. */
export function manifestText(repository: TestRepository, version: number, bundle: string): string {
  const { manifest } = bundleOf(repository.mom(version), bundle);
  const stored = readFileSync(join(repository.path, LAYOUT.document(manifest.digest)));
  return Buffer.from(decompressFrame(stored, manifest.size)).toString('latin1');
}

/**
 * Publishes build `version` again with another manifest for `bundle`, signed by the real keys all the way up: whoever reads
 * it can tell the lie from the manifest only.
 */
export function lieInManifest(
  repository: TestRepository,
  version: number,
  { bundle, text }: { readonly bundle: string; readonly text: string },
): void {
  const plain = bytesOf(text);
  const stored = compressFrame(plain, 3);
  const digest = sha256(plain);
  write(repository, LAYOUT.document(digest), stored);
  const manifest = { digest, size: plain.length, storedDigest: sha256(stored), storedSize: stored.length };
  lieInMom(repository, version, (mom) => ({
    ...mom,
    bundles: mom.bundles.map((item) =>
      item.name === bundle ? { ...item, manifest, packs: [], differences: [], deltaIndex: undefined } : item,
    ),
  }));
}

/** Publishes build `version` again with what `edit` makes of its MoM, signed by the real keys. */
export function lieInMom(repository: TestRepository, version: number, edit: (mom: Mom) => Mom): void {
  const bytes = readFileSync(join(repository.path, LAYOUT.mom(version)));
  publishMom(repository, version, formatMom(edit(parseMom(bytes))));
}

/** Signs the bytes of a MoM and a pointer to it, whatever they say. */
export function publishMom(repository: TestRepository, version: number, mom: Uint8Array): void {
  write(repository, LAYOUT.mom(version), mom);
  write(repository, LAYOUT.momSignatures(version), formatMomSignatures(mom, [repository.seed('targets')]));
  const last = pointerOf(repository);
  const release = { version, digest: sha256(mom), size: mom.length };
  const pointer = { version: last.version + 1, expires: repository.time + 30 * 86_400, release };
  write(repository, LAYOUT.pointer, formatPointer(pointer, repository.seed('timestamp')));
}

export function pointerOf(repository: TestRepository): ReturnType<typeof parsePointer> {
  const bytes = readFileSync(join(repository.path, LAYOUT.pointer));
  return parsePointer(bytes, parseRoot(repository.trustAnchor));
}

export function write(repository: TestRepository, name: string, bytes: Uint8Array): void {
  const path = join(repository.path, name);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

function bundleOf(mom: Mom, name: string): MomBundle {
  const bundle = mom.bundles.find((item) => item.name === name);
  if (bundle === undefined) throw new TypeError(`the build has no bundle ${name}`);
  return bundle;
}
