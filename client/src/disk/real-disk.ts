import {
  closeSync,
  constants,
  fchmodSync,
  fchownSync,
  fdatasyncSync,
  fstatSync,
  fsyncSync,
  ftruncateSync,
  lchownSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readlinkSync,
  readSync,
  renameSync,
  rmdirSync,
  type Stats,
  statfsSync,
  symlinkSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import type { Xattr } from '@swupd/manifests';
import { type ByteString, byteString, bytesOf, type FileName } from '@swupd/shared';
import { readXattrs, syncFileSystem, writeXattrs } from '@swupd/shared/io';
import type {
  Directory,
  Disk,
  DiskSpace,
  NodeMetadata,
  NodeStat,
  ReadableFile,
  WritableFile,
} from './disk.ts';
import { readUncached } from './uncached-read.ts';

const { O_RDONLY, O_WRONLY, O_CREAT, O_EXCL, O_DIRECTORY, O_NOFOLLOW, O_NONBLOCK, O_APPEND } = constants;

/** The file system of this machine. */
export const REAL_DISK: Disk = {
  openRoot: (path) => new RealDirectory(openSync(path, O_RDONLY | O_DIRECTORY)),
  makeRoot: (path, mode) => {
    mkdirSync(path, { recursive: true, mode });
  },
  syncFileSystem: (directory) => syncFileSystem((directory as RealDirectory).descriptor),
};

/**
 * Node has no openat(2) and its relatives, but Linux resolves `/proc/self/fd/N/name` from the open directory N, which is the
 * same thing: the directory stays the one that was opened, even when it is moved or its old path becomes a link.
 */
class RealDirectory implements Directory {
  readonly descriptor: number;
  readonly reference: string;

  constructor(fd: number) {
    this.descriptor = fd;
    this.reference = `/proc/self/fd/${fd}`;
  }

  stat(): NodeStat {
    return nodeStat(fstatSync(this.descriptor));
  }

  space(): DiskSpace {
    const { bavail, bsize, ffree, files } = statfsSync(`${this.reference}/.`);
    return {
      freeBytes: bavail * bsize,
      freeNodes: files === 0 ? Number.POSITIVE_INFINITY : ffree,
      blockSize: bsize,
    };
  }

  list(): FileName[] {
    return readdirSync(`${this.reference}/.`, { encoding: 'buffer' }).map(
      (name) => byteString(name) as string as FileName,
    );
  }

  lookup(name: FileName): NodeStat | undefined {
    const stats = lstatSync(this.#at(name), { throwIfNoEntry: false });
    return stats === undefined ? undefined : nodeStat(stats);
  }

  readLink(name: FileName): ByteString {
    return byteString(readlinkSync(this.#at(name), { encoding: 'buffer' }));
  }

  readXattrs(name: FileName): Xattr[] {
    const path = this.#textAt(name);
    return path === undefined ? [] : readXattrs(path);
  }

  openDirectory(name: FileName): RealDirectory {
    return new RealDirectory(openSync(this.#at(name), O_RDONLY | O_DIRECTORY | O_NOFOLLOW));
  }

  openFile(name: FileName): ReadableFile {
    // Without O_NONBLOCK a planted FIFO would hold the client for ever.
    return new RealFile(openSync(this.#at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK));
  }

  readUncached(name: FileName, use: (bytes: Uint8Array) => void): boolean {
    return readUncached(this.#at(name), use);
  }

  createFile(name: FileName, mode: number): WritableFile {
    return new RealFile(openSync(this.#at(name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, mode));
  }

  appendFile(name: FileName, keep: number, mode: number): WritableFile {
    const fd = openSync(this.#at(name), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, mode);
    ftruncateSync(fd, keep);
    return new RealFile(fd);
  }

  makeDirectory(name: FileName, mode: number): void {
    mkdirSync(this.#at(name), mode);
  }

  makeSymlink(name: FileName, target: ByteString): void {
    symlinkSync(bytesOf(target), this.#at(name));
  }

  makeLink(name: FileName, directory: Directory, newName: FileName): void {
    linkSync(this.#at(name), (directory as RealDirectory).#at(newName));
  }

  setMetadata(name: FileName, metadata: NodeMetadata, fresh: boolean): void {
    const { type, mode, uid, gid, xattrs } = metadata;
    if (type === 'symlink') {
      lchownSync(this.#at(name), uid, gid);
      return;
    }
    // Through a descriptor, because chmod(2) would follow a link that somebody puts there meanwhile.
    const fd = openSync(this.#at(name), O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const stats = fstatSync(fd);
      const isOwned = stats.uid === uid && stats.gid === gid;
      if (!isOwned) fchownSync(fd, uid, gid);
      // chown(2) clears setuid and capabilities, so they come after it.
      if (!isOwned || (stats.mode & 0o7777) !== mode) fchmodSync(fd, mode);
    } finally {
      closeSync(fd);
    }
    if (!fresh || xattrs.length > 0) this.#setXattrs(name, xattrs);
  }

  rename(name: FileName, directory: Directory, newName: FileName): void {
    renameSync(this.#at(name), (directory as RealDirectory).#at(newName));
  }

  removeFile(name: FileName): void {
    unlinkSync(this.#at(name));
  }

  removeDirectory(name: FileName): void {
    rmdirSync(this.#at(name));
  }

  sync(): void {
    fsyncSync(this.descriptor);
  }

  close(): void {
    closeSync(this.descriptor);
  }

  #setXattrs(name: FileName, xattrs: readonly Xattr[]): void {
    const path = this.#textAt(name);
    if (path !== undefined) writeXattrs(path, xattrs);
  }

  /** ASCII names stay strings, which is cheaper; others have to be bytes. */
  #at(name: FileName): string | Buffer {
    return isAscii(name) ? `${this.reference}/${name}` : bytesOf(`${this.reference}/${name}`);
  }

  /** The same as text, for a library that takes no bytes; undefined where the name is not UTF-8. */
  #textAt(name: FileName): string | undefined {
    if (isAscii(name)) return `${this.reference}/${name}`;
    const text = bytesOf(name).toString('utf8');
    return byteString(Buffer.from(text, 'utf8')) === (name as string)
      ? `${this.reference}/${text}`
      : undefined;
  }
}

class RealFile implements ReadableFile, WritableFile {
  readonly descriptor: number;

  constructor(fd: number) {
    this.descriptor = fd;
  }

  get size(): number {
    return fstatSync(this.descriptor).size;
  }

  read(buffer: Uint8Array, position: number): number {
    return readSync(this.descriptor, buffer, 0, buffer.length, position);
  }

  write(bytes: Uint8Array): void {
    for (let done = 0; done < bytes.length; ) done += writeSync(this.descriptor, bytes, done);
  }

  sync(): void {
    fdatasyncSync(this.descriptor);
  }

  close(): void {
    closeSync(this.descriptor);
  }
}

function nodeStat(stats: Stats): NodeStat {
  return {
    type: typeOf(stats),
    mode: stats.mode & 0o7777,
    uid: stats.uid,
    gid: stats.gid,
    size: stats.size,
    device: stats.dev,
    inode: stats.ino,
    links: stats.nlink,
  };
}

function typeOf(stats: Stats): NodeStat['type'] {
  if (stats.isFile()) return 'file';
  if (stats.isDirectory()) return 'directory';
  return stats.isSymbolicLink() ? 'symlink' : 'other';
}

const HIGH_BYTE = /[\x80-\xff]/;

function isAscii(name: string): boolean {
  return !HIGH_BYTE.test(name);
}
