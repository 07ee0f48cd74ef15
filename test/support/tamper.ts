import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { formatMom, LAYOUT, type Mom, type MomBundle, parseMom } from '@swupd/manifests';
import { formatMomSignature, offerPath, signMom } from '@swupd/manifests/trust';
import { bytesOf, compressFrame, decompressFrame, sha256 } from '@swupd/shared';
import { fieldOf, resign } from './resign.ts';
import type { TestRepository } from './test-repository.ts';
import { write } from './write-object.ts';

export { write };

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

/** Signs the bytes of a MoM, whatever they say, and offers them as build `version` on the channel `stable`. */
export function publishMom(repository: TestRepository, version: number, mom: Uint8Array): void {
  const signature = signMom(mom, repository.seed('build'));
  write(repository, LAYOUT.mom(version), mom);
  write(repository, LAYOUT.momSignature(version, signature.keyid), formatMomSignature(signature));
  const digest = sha256(mom);
  write(repository, LAYOUT.momTarget('stable', version, digest), mom);
  resign(repository, 'stable', (signed) => ({
    ...signed,
    targets: {
      ...fieldOf(signed, 'targets'),
      [offerPath('stable', version)]: { length: mom.length, hashes: { sha256: digest } },
    },
  }));
}

function bundleOf(mom: Mom, name: string): MomBundle {
  const bundle = mom.bundles.find((item) => item.name === name);
  if (bundle === undefined) throw new TypeError(`the build has no bundle ${name}`);
  return bundle;
}
