import { type ByteString, bytesOf } from '@swupd/shared';
import { type Directory, type Disk, ownName, removeTree } from '../../../client/src/disk/index.ts';
import type { TestNode, Tree } from '../../../client/src/test-support.ts';

/** Makes the nodes of a tree below the directory at `top`, over whatever is at their paths. Parents have to be there. */
export function plantTree(disk: Disk, top: string, tree: Tree): void {
  for (const [path, node] of Object.entries(tree)) {
    const at = placeOf(path);
    const directory = disk.openRoot(`${top}${at.parent}`);
    try {
      plantNode(directory, at.name, node, () => {
        const leader = placeOf(node.type === 'link' ? node.leader : path);
        return { from: disk.openRoot(`${top}${leader.parent}`), leader: leader.name };
      });
    } finally {
      directory.close();
    }
  }
}

/** Takes away what is at each of the paths. */
export function uprootAll(disk: Disk, top: string, paths: readonly string[]): void {
  for (const path of paths) {
    const { parent, name } = placeOf(path);
    const directory = disk.openRoot(`${top}${parent}`);
    removeTree(directory, ownName(name));
    directory.close();
  }
}

function plantNode(
  directory: Directory,
  text: string,
  node: TestNode,
  openLeader: () => { readonly from: Directory; readonly leader: string },
): void {
  const name = ownName(text);
  const isThere = node.type === 'directory' && directory.lookup(name)?.type === 'directory';
  if (!isThere) removeTree(directory, name);
  switch (node.type) {
    case 'link': {
      const { from, leader } = openLeader();
      from.makeLink(ownName(leader), directory, name);
      from.close();
      return;
    }
    case 'symlink':
      directory.makeSymlink(name, node.target as ByteString);
      break;
    case 'directory':
      if (!isThere) directory.makeDirectory(name, 0o755);
      break;
    case 'file': {
      const file = directory.createFile(name, 0o644);
      file.write(bytesOf(node.content));
      file.close();
      break;
    }
  }
  const { type, uid = 0, gid = 0, xattrs = [] } = node;
  const mode = node.mode ?? (type === 'directory' ? 0o755 : 0o644);
  directory.setMetadata(name, { type, mode, uid, gid, xattrs }, false);
}

/** `parent` begins with a slash, or is empty for the top. */
function placeOf(path: string): { readonly parent: string; readonly name: string } {
  const slash = path.lastIndexOf('/');
  return { parent: slash < 0 ? '' : `/${path.slice(0, slash)}`, name: path.slice(slash + 1) };
}
