import { createHash } from 'node:crypto';
import type { Image } from './model-disk.ts';
import { type NodeId, TOP } from './node.ts';

/** A line for each path of an image, by absolute path (byte strings): everything that the client promises to keep. */
export type Listing = ReadonlyMap<string, string>;

/** All of the image but what `except` finds, names sorted. Names of one inode all tell the first of them. */
export function listImage({ volumes, mounts }: Image, except = NOTHING): Listing {
  const lines = new Map<string, string>();
  const firstNames = new Map<string, string>();
  const visit = (path: string, volume: number, id: NodeId): void => {
    if (except.test(path)) return;
    const mount = mounts.find(({ on }) => on.volume === volume && on.id === id);
    if (mount !== undefined) {
      visit(path, mount.volume, TOP);
      return;
    }
    const node = volumes[volume]?.nodes.get(id);
    if (node === undefined) throw new TypeError(`${path} leads to an inode that is not there`);
    const inode = `${volume}:${id}`;
    const first = firstNames.get(inode);
    if (first === undefined) firstNames.set(inode, path);
    const xattrs = node.xattrs.map(({ name, value }) => ` ${name}=${value}`).join('');
    const common = `${node.type} ${node.mode.toString(8)} ${node.uid}:${node.gid}${xattrs}`;
    const link = first === undefined ? '' : ` same as ${first}`;
    switch (node.type) {
      case 'file':
        lines.set(path, `${common} ${contentName(node.data)}${link}`);
        break;
      case 'symlink':
        lines.set(path, `${common} -> ${node.target}${link}`);
        break;
      case 'directory':
        lines.set(path, `${common} on ${volume}`);
        for (const [name, child] of [...node.names].sort(([a], [b]) => (a < b ? -1 : 1)))
          visit(`${path === '/' ? '' : path}/${name}`, volume, child);
        break;
    }
  };
  visit('/', 0, TOP);
  return lines;
}

/** The same for two images that no program could tell apart. */
export function fingerprint(listing: Listing): string {
  const hash = createHash('sha1');
  for (const [path, line] of listing) hash.update(`${path}\0${line}\0`, 'latin1');
  return hash.digest('base64');
}

/** What a listing has at `folder` and below it. */
export function part(listing: Listing, folder: string): Listing {
  return new Map([...listing].filter(([path]) => path === folder || path.startsWith(`${folder}/`)));
}

/** What a listing has outside of `folder`. */
export function outside(listing: Listing, folder: string): Listing {
  return new Map([...listing].filter(([path]) => path !== folder && !path.startsWith(`${folder}/`)));
}

/** One line for each path on which two listings differ. */
export function compareListings(expected: Listing, found: Listing): string[] {
  const paths = [...new Set([...expected.keys(), ...found.keys()])].sort();
  return paths.flatMap((path) => {
    const [wanted, seen] = [expected.get(path), found.get(path)];
    if (wanted === seen) return [];
    return [`${JSON.stringify(path)}: ${seen ?? 'missing'}, not ${wanted ?? 'there at all'}`];
  });
}

const NOTHING = /^$/;

const contentNames = new WeakMap<Buffer, string>();

/** Contents are never changed in place, so each has to be hashed only once. */
function contentName(data: Buffer): string {
  const known = contentNames.get(data);
  if (known !== undefined) return known;
  const name = `${data.length} ${createHash('sha1').update(data).digest('base64url')}`;
  contentNames.set(data, name);
  return name;
}
