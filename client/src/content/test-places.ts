import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { memberBlobs, type PackFrame, type PackMember, type SingleMember } from '@swupd/manifests';
import { compressFrame, type Digest } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import { REAL_DISK } from '../disk/index.ts';
import { openHandles, temporaryFolder } from '../test-support.ts';
import { ContentCache } from './content-cache.ts';
import type { DecodePlaces, DecodeTask } from './decode-task.ts';

/** Folders for tests of content: a root, downloads and a cache. */
export interface TestPlaces extends DecodePlaces, Disposable {
  readonly contents: ContentCache;
  /** What lies in the cache, whatever its names. */
  cached(): Record<string, Buffer>;
}

/** New folders, removed at the end of the scope: an error where one of their files is still open then. */
export function openPlaces(): TestPlaces {
  const handles = openHandles();
  const folder = temporaryFolder();
  const places = {
    root: join(folder.path, 'root'),
    downloads: join(folder.path, 'downloads'),
    cache: join(folder.path, 'cache'),
  };
  for (const path of Object.values(places)) mkdirSync(path);
  const directory = REAL_DISK.openRoot(places.cache);
  return {
    ...places,
    contents: new ContentCache(directory),
    cached: () =>
      Object.fromEntries(
        readdirSync(places.cache).map((name) => [name, readFileSync(join(places.cache, name))]),
      ),
    [Symbol.dispose]() {
      directory.close();
      folder[Symbol.dispose]();
      const left = openHandles() - handles;
      if (left !== 0) throw new Error(`${left} files are left open`);
    },
  };
}

export const full = (bytes: Uint8Array): SingleMember => ({
  kind: 'full',
  filter: 'none',
  digest: hashContent(bytes),
  size: bytes.length,
});

export interface FrameInput {
  readonly members: readonly PackMember[];
  /** What the members have in the frame. */
  readonly parts: readonly Uint8Array[];
  readonly compressed?: boolean;
  /** Bytes before the frame in its file. */
  readonly offset?: number;
}

/** Writes a frame as a download and gives the task that decodes all of it. */
export function frameTask(
  places: DecodePlaces,
  { members, parts, compressed = true, offset = 0 }: FrameInput,
): DecodeTask {
  const plain = Buffer.concat(parts);
  const stored = compressed ? compressFrame(plain, 3) : plain;
  writeFileSync(
    join(places.downloads, 'download'),
    Buffer.concat([Buffer.alloc(offset, 0xee), stored, Buffer.alloc(9, 0xdd)]),
  );
  const frame: PackFrame = { storedSize: stored.length, plainSize: plain.length, members };
  const wanted = members.flatMap(memberBlobs).map(({ digest }): Digest => digest);
  const { root, downloads, cache } = places;
  return { places: { root, downloads, cache }, file: 'download', offset, frame, wanted, deltaSources: [] };
}
