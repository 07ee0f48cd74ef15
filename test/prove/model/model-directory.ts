import type { Xattr } from '@swupd/manifests';
import type { ByteString, FileName } from '@swupd/shared';
import type { Directory, DiskSpace, NodeMetadata, NodeStat } from '../../../client/src/disk/index.ts';
import { metadataSteps } from './change-metadata.ts';
import { ModelFile, type Observer } from './model-file.ts';
import { BLOCK, type DirectoryNode, type ModelNode, type NodeId } from './node.ts';
import { isInside, isText, refuseReplacing, type Spot, statOf } from './spot.ts';
import { SystemError } from './system-error.ts';

/** What a directory needs of the disk that it is part of. */
export interface Namespace {
  readonly observe: Observer;
  /** Registers an open handle; gives what others can open it again by. */
  opened(spot: Spot): { readonly reference: string; readonly onClose: () => void };
  /** The top of the file system that is mounted there, or the spot itself. */
  mountedAt(spot: Spot): Spot;
}

const NAME_MAX = 255;
/** What processes usually run with. */
const UMASK = 0o022;
const SETGID = 0o2000;

/** An open directory of the model. Its operations fail with the codes that Linux gives. */
export class ModelDirectory implements Directory {
  readonly reference: string;
  readonly #spot: Spot;
  readonly #namespace: Namespace;
  readonly #onClose: () => void;

  constructor(spot: Spot, namespace: Namespace) {
    this.#spot = spot;
    this.#namespace = namespace;
    const { reference, onClose } = namespace.opened(spot);
    this.reference = reference;
    this.#onClose = onClose;
    spot.volume.hold(spot.id);
  }

  stat(): NodeStat {
    return statOf(this.#spot);
  }

  space(): DiskSpace {
    const { freeBytes, freeNodes } = this.#spot.volume;
    return { freeBytes, freeNodes, blockSize: BLOCK };
  }

  list(): FileName[] {
    return [...this.#self().names.keys()];
  }

  lookup(name: FileName): NodeStat | undefined {
    const id = this.#idOf(name);
    return id === undefined ? undefined : statOf(this.#namespace.mountedAt({ ...this.#spot, id }));
  }

  readLink(name: FileName): ByteString {
    const { node } = this.#find(name, 'readlink');
    if (node.type !== 'symlink') throw new SystemError('EINVAL', 'readlink', name);
    return node.target;
  }

  readXattrs(name: FileName): Xattr[] {
    return isText(name) ? [...this.#find(name, 'listxattr').node.xattrs] : [];
  }

  openDirectory(name: FileName): ModelDirectory {
    const { spot, node } = this.#find(name, 'open');
    if (node.type !== 'directory') throw new SystemError('ENOTDIR', 'open', name);
    return new ModelDirectory(spot, this.#namespace);
  }

  openFile(name: FileName): ModelFile {
    const { spot, node } = this.#find(name, 'open');
    if (node.type === 'symlink') throw new SystemError('ELOOP', 'open', name);
    return this.#open(spot.id, 0);
  }

  readUncached(name: FileName, use: (bytes: Uint8Array) => void): boolean {
    const { node } = this.#find(name, 'open');
    if (node.type === 'symlink') throw new SystemError('ELOOP', 'open', name);
    if (node.type === 'directory') throw new SystemError('EISDIR', 'read', name);
    if (node.data.length > 0) use(node.data);
    return true;
  }

  createFile(name: FileName, mode: number): ModelFile {
    this.#requireFree(name, 'create');
    return this.#create(name, mode);
  }

  appendFile(name: FileName, keep: number, mode: number): ModelFile {
    if (this.#idOf(name) === undefined) {
      const file = this.#create(name, mode);
      if (keep === 0) return file;
      file.close();
    }
    const { spot, node } = this.#find(name, 'open');
    if (node.type === 'symlink') throw new SystemError('ELOOP', 'open', name);
    if (node.type === 'directory') throw new SystemError('EISDIR', 'open', name);
    if (node.data.length !== keep) {
      const longer = Buffer.alloc(Math.max(0, keep - node.data.length));
      spot.volume.setData(spot.id, Buffer.concat([node.data.subarray(0, keep), longer]));
      this.#namespace.observe('truncate');
    }
    return this.#open(spot.id, keep);
  }

  makeDirectory(name: FileName, mode: number): void {
    this.#requireFree(name, 'mkdir');
    const inherited = this.#self().mode & SETGID;
    this.#make(name, { type: 'directory', names: new Map(), ...this.#newMetadata(mode | inherited) });
    this.#namespace.observe('mkdir');
  }

  makeSymlink(name: FileName, target: ByteString): void {
    this.#requireFree(name, 'symlink');
    if (target === '') throw new SystemError('ENOENT', 'symlink', name);
    this.#make(name, { type: 'symlink', target, ...this.#newMetadata(0o777), mode: 0o777 });
    this.#namespace.observe('symlink');
  }

  makeLink(name: FileName, directory: Directory, newName: FileName): void {
    const { spot, node } = this.#find(name, 'link');
    const to = (directory as ModelDirectory).#target(newName);
    if (to.taken !== undefined) throw new SystemError('EEXIST', 'link', newName);
    if (to.spot.volume !== spot.volume) throw new SystemError('EXDEV', 'link', newName);
    if (node.type === 'directory') throw new SystemError('EPERM', 'link', name);
    spot.volume.changeNames([{ directory: to.spot.id, name: newName, node: spot.id }]);
    this.#namespace.observe('link');
  }

  setMetadata(name: FileName, metadata: NodeMetadata, fresh: boolean): void {
    const { spot, node } = this.#find(name, 'chmod');
    if (node.type === 'symlink' && metadata.type !== 'symlink') throw new SystemError('ELOOP', 'open', name);
    const withXattrs = isText(name) && (!fresh || metadata.xattrs.length > 0);
    for (const step of metadataSteps(node, metadata, withXattrs)) spot.volume.setMetadata(spot.id, step);
    this.#namespace.observe('set metadata');
  }

  rename(name: FileName, directory: Directory, newName: FileName): void {
    const { spot, node } = this.#find(name, 'rename');
    const to = (directory as ModelDirectory).#target(newName);
    if (this.#isMountPoint(name) || (directory as ModelDirectory).#isMountPoint(newName))
      throw new SystemError('EBUSY', 'rename', name);
    if (to.spot.volume !== spot.volume) throw new SystemError('EXDEV', 'rename', newName);
    if (node.type === 'directory' && isInside(to.spot, spot.id))
      throw new SystemError('EINVAL', 'rename', name);
    if (to.taken !== undefined) refuseReplacing(node, spot.volume.node(to.taken), newName);
    // rename(2) does nothing where both names are links to one file.
    if (to.taken !== spot.id) {
      spot.volume.changeNames([
        { directory: this.#spot.id, name, node: undefined },
        { directory: to.spot.id, name: newName, node: spot.id },
      ]);
    }
    this.#namespace.observe('rename');
  }

  removeFile(name: FileName): void {
    if (this.#find(name, 'unlink').node.type === 'directory') throw new SystemError('EISDIR', 'unlink', name);
    this.#remove(name);
    this.#namespace.observe('unlink');
  }

  removeDirectory(name: FileName): void {
    const { node } = this.#find(name, 'rmdir');
    if (node.type !== 'directory') throw new SystemError('ENOTDIR', 'rmdir', name);
    if (this.#isMountPoint(name)) throw new SystemError('EBUSY', 'rmdir', name);
    if (node.names.size > 0) throw new SystemError('ENOTEMPTY', 'rmdir', name);
    this.#remove(name);
    this.#namespace.observe('rmdir');
  }

  sync(): void {
    this.#spot.volume.syncDirectory(this.#spot.id);
    this.#namespace.observe('sync directory');
  }

  close(): void {
    this.#spot.volume.release(this.#spot.id);
    this.#onClose();
  }

  /** As syncfs(2) of what the directory is on. */
  syncFileSystem(): void {
    this.#spot.volume.syncAll();
    this.#namespace.observe('sync file system');
  }

  #self(): DirectoryNode {
    return this.#spot.volume.node(this.#spot.id) as DirectoryNode;
  }

  #idOf(name: FileName): NodeId | undefined {
    if (name.length > NAME_MAX) throw new SystemError('ENAMETOOLONG', 'lookup', name);
    return this.#self().names.get(name);
  }

  #find(name: FileName, operation: string): { readonly spot: Spot; readonly node: ModelNode } {
    const id = this.#idOf(name);
    if (id === undefined) throw new SystemError('ENOENT', operation, name);
    const spot = this.#namespace.mountedAt({ ...this.#spot, id });
    return { spot, node: spot.volume.node(spot.id) };
  }

  /** A name that is about to be made or replaced. */
  #target(name: FileName): { readonly spot: Spot; readonly taken: NodeId | undefined } {
    const taken = this.#idOf(name);
    this.#refuseIfRemoved(name);
    return { spot: this.#spot, taken };
  }

  #requireFree(name: FileName, operation: string): void {
    if (this.#target(name).taken !== undefined) throw new SystemError('EEXIST', operation, name);
  }

  #refuseIfRemoved(name: FileName): void {
    if (this.#spot.volume.links(this.#spot.id) === 0) throw new SystemError('ENOENT', 'create', name);
  }

  #isMountPoint(name: FileName): boolean {
    const id = this.#idOf(name);
    return id !== undefined && this.#namespace.mountedAt({ ...this.#spot, id }).volume !== this.#spot.volume;
  }

  #newMetadata(mode: number): { mode: number; uid: number; gid: number; xattrs: Xattr[] } {
    const self = this.#self();
    return { mode: mode & ~UMASK, uid: 0, gid: self.mode & SETGID ? self.gid : 0, xattrs: [] };
  }

  #make(name: FileName, node: ModelNode): NodeId {
    this.#refuseIfRemoved(name);
    return this.#spot.volume.create(node, { directory: this.#spot.id, name });
  }

  #create(name: FileName, mode: number): ModelFile {
    const id = this.#make(name, { type: 'file', data: Buffer.alloc(0), ...this.#newMetadata(mode) });
    this.#namespace.observe('create');
    return this.#open(id, 0);
  }

  #open(id: NodeId, position: number): ModelFile {
    const { volume } = this.#spot;
    const { onClose } = this.#namespace.opened({ volume, id });
    return new ModelFile(volume, id, { position, observe: this.#namespace.observe, onClose });
  }

  #remove(name: FileName): void {
    this.#spot.volume.changeNames([{ directory: this.#spot.id, name, node: undefined }]);
  }
}
