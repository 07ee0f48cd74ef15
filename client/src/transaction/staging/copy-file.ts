import type { Place } from '../../disk/index.ts';

const CHUNK = 1024 * 1024;

/** Makes a new file with the content, owner, mode and attributes of another. Not synced. */
export function copyFile(from: Place, to: Place): void {
  const stat = from.directory.lookup(from.name);
  copyContent(from, to);
  if (stat?.type !== 'file') return;
  const xattrs = from.directory.readXattrs(from.name);
  to.directory.setMetadata(
    to.name,
    { type: 'file', mode: stat.mode, uid: stat.uid, gid: stat.gid, xattrs },
    true,
  );
}

/** Makes a new file with the content of another, for its owner only. */
export function copyContent(from: Place, to: Place): void {
  const source = from.directory.openFile(from.name);
  try {
    const target = to.directory.createFile(to.name, 0o600);
    try {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK, Math.max(source.size, 1)));
      let position = 0;
      for (let count = source.read(buffer, 0); count > 0; count = source.read(buffer, position)) {
        target.write(buffer.subarray(0, count));
        position += count;
      }
    } finally {
      target.close();
    }
  } finally {
    source.close();
  }
}
