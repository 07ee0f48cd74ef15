import type { Xattr } from '@swupd/manifests';
import type { ByteString, FileName } from '@swupd/shared';

/** What lstat(2) says of a name. `device` and `inode` together tell hard links apart. */
export interface NodeStat {
  readonly type: 'file' | 'directory' | 'symlink' | 'other';
  /** Permission bits with setuid, setgid and sticky. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  readonly device: number;
  readonly inode: number;
  /** How many names the inode has. */
  readonly links: number;
}

/** Whether two names are hard links of one inode. */
export function isSameNode(a: NodeStat, b: NodeStat): boolean {
  return a.inode === b.inode && a.device === b.device;
}

/** What a name gets besides its content. */
export interface NodeMetadata {
  readonly type: 'file' | 'directory' | 'symlink';
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly xattrs: readonly Xattr[];
}

/** Room on the file system that holds a directory, for a user without privileges. */
export interface DiskSpace {
  readonly freeBytes: number;
  /** Infinity where there is no fixed number of inodes. */
  readonly freeNodes: number;
  readonly blockSize: number;
}

/** A file that is open for reading by position. */
export interface ReadableFile {
  readonly size: number;
  /** Fills `buffer` from `position` on; gives the bytes read, 0 at the end. */
  read(buffer: Uint8Array, position: number): number;
  /** A descriptor of the operating system, where there is one, for hashing in native code. */
  readonly descriptor: number | undefined;
  close(): void;
}

/** A new file that is open for writing, front to back. */
export interface WritableFile {
  write(bytes: Uint8Array): void;
  sync(): void;
  close(): void;
}

/**
 * An open directory: the only way to what lies in it. Every operation takes one name, never a path, and none of them follows
 * a symbolic link, so nothing outside the tree that was opened can be reached, whatever an attacker plants in it meanwhile.
 * Failures are the system's own errors with their `code` (`ENOENT`, `ENOSPC`, …).
 */
export interface Directory {
  /** What `Disk.openRoot` takes to open the same directory again, in whichever thread of this process, as long as it is open. */
  readonly reference: string;
  /** Of the directory itself. */
  stat(): NodeStat;
  space(): DiskSpace;
  list(): FileName[];
  /** undefined where there is nothing of that name. */
  lookup(name: FileName): NodeStat | undefined;
  readLink(name: FileName): ByteString;
  readXattrs(name: FileName): Xattr[];

  /** Fails with `ENOTDIR` or `ELOOP` for what is no directory itself. The caller closes it. */
  openDirectory(name: FileName): Directory;
  openFile(name: FileName): ReadableFile;

  /**
   * Gives the bytes of a file as the disk has them, front to back, past the system's cache; each chunk is good until `use`
   * returns. False where the file system has no way past its cache; a disk without a cache has no such operation.
   */
  readUncached?(name: FileName, use: (bytes: Uint8Array) => void): boolean;

  /** Fails with `EEXIST` where the name is taken. */
  createFile(name: FileName, mode: number): WritableFile;
  /** Opens a file to write behind its first `keep` bytes, cutting off the rest; makes it where there is none. */
  appendFile(name: FileName, keep: number, mode: number): WritableFile;
  makeDirectory(name: FileName, mode: number): void;
  makeSymlink(name: FileName, target: ByteString): void;
  /** Gives the file `name` of this directory a second name. */
  makeLink(name: FileName, directory: Directory, newName: FileName): void;

  /**
   * Gives what lies at `name` this owner, mode and exactly these attributes; links only the owner. A `fresh` file or directory,
   * just made, is taken to have no attributes yet.
   */
  setMetadata(name: FileName, metadata: NodeMetadata, fresh: boolean): void;

  rename(name: FileName, directory: Directory, newName: FileName): void;
  removeFile(name: FileName): void;
  /** Fails with `ENOTEMPTY` where something is in it. */
  removeDirectory(name: FileName): void;

  /** Makes the names in this directory durable. */
  sync(): void;
  close(): void;
}

/** The port through which the client does everything that it does to a disk. */
export interface Disk {
  /** Opens the directory at an absolute path that the user has named, or by its `reference`; links in a path are followed. */
  openRoot(path: string): Directory;
  /** Makes the directory at an absolute path that the user has named, with its parents, where it is missing. */
  makeRoot(path: string, mode: number): void;
  /** Makes everything written to the file system of `directory` durable. */
  syncFileSystem(directory: Directory): void;
}
