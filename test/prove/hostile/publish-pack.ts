import { blobsOf, formatPackHead, LAYOUT, type PackFrame, parseManifest } from '@swupd/manifests';
import { bytesOf, compressFrame, sha256 } from '@swupd/shared';
import { lieInMom, manifestText, write } from '../../support/tamper.ts';
import type { TestRepository } from '../../support/test-repository.ts';

/**
 * Publishes a pack of `bundle` between two builds with many pieces: half of the files in a frame that is stored as it is, the
 * others in a compressed frame each. The generator makes none of such small files, and without pieces nobody asks for ranges.
 */
export function publishPack(
  repository: TestRepository,
  { from, to }: { readonly from: number; readonly to: number },
  { bundle, contents }: { readonly bundle: string; readonly contents: readonly Uint8Array[] },
): void {
  const blobsIn = (version: number) =>
    blobsOf(parseManifest(bytesOf(manifestText(repository, version, bundle))));
  const members = contents.map((bytes) => ({
    kind: 'full' as const,
    filter: 'none' as const,
    digest: sha256(bytes),
    size: bytes.length,
  }));
  const half = contents.length >> 1;
  const stored = Buffer.concat(contents.slice(0, half));
  const compressed = contents.slice(half).map((bytes) => compressFrame(bytes, 19));
  const frames: PackFrame[] = [
    { storedSize: stored.length, plainSize: stored.length, members: members.slice(0, half) },
    ...compressed.map((frame, i) => ({
      storedSize: frame.length,
      plainSize: contents[half + i]?.length ?? 0,
      members: members.slice(half + i, half + i + 1),
    })),
  ];
  const head = formatPackHead({ bundle, from, to, frames }, { from: blobsIn(from), to: blobsIn(to) });
  const pack = Buffer.concat([head, stored, ...compressed]);
  const digest = sha256(pack);
  write(repository, LAYOUT.pack(digest), pack);
  lieInMom(repository, to, (mom) => ({
    ...mom,
    bundles: mom.bundles.map((item) =>
      item.name === bundle ? { ...item, packs: [{ from, digest, size: pack.length }] } : item,
    ),
  }));
}
