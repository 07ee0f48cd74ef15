import { LAYOUT } from '@swupd/manifests';
import { hashContent } from '@swupd/shared/io';
import { HTTP_LIMITS } from './http-limits.ts';
import type { OpenObject } from './open-object.ts';

export interface ObjectHeaders {
  readonly ETag: string;
  readonly 'Cache-Control': string;
  readonly 'Content-Type': string;
}

/** All but the timestamp keep their bytes for ever, so that a cache never has to ask again. */
const FOREVER = 'public, max-age=31536000, immutable';
const A_MINUTE = 'public, max-age=60, must-revalidate';

/** What the answer says of the file, whatever part of it the client asks for. Reads small files to hash them. */
export async function describeObject(object: OpenObject): Promise<ObjectHeaders> {
  return {
    ETag: `"${await entityTag(object)}"`,
    'Cache-Control': object.name === LAYOUT.timestamp ? A_MINUTE : FOREVER,
    'Content-Type': object.name.endsWith('.json') ? 'application/json' : 'application/octet-stream',
  };
}

const CONTENT_ADDRESSED =
  /^(?:blobs|deltas|documents|packs)\/[0-9a-f]{2}\/([0-9a-f]{64}(?:-[0-9a-f]{64})?)(?:\.zst)?$/;

/**
 * A strong tag, equal on every mirror. Blobs, documents and deltas are named by the digest of their plain bytes, and
 * two encoders may write those differently: the size, which goes with the name, tells such forms apart.
 */
async function entityTag({ name, handle, stats }: OpenObject): Promise<string> {
  const address = CONTENT_ADDRESSED.exec(name)?.[1];
  if (address !== undefined) return `${address}-${stats.size}`;
  if (stats.size <= HTTP_LIMITS.hashedFile) return hashContent(await handle.readFile());
  return `${stats.ino}-${stats.size}-${stats.mtimeMs}`;
}
