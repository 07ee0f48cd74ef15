import type { ReadableFile, WritableFile } from '../../../client/src/disk/index.ts';
import type { NodeId } from './node.ts';
import { SystemError } from './system-error.ts';
import type { Volume } from './volume.ts';

/** Tells of an operation that has changed something, or made something durable. */
export type Observer = (operation: string) => void;

/** An open file of the model, for reading or for writing. */
export class ModelFile implements ReadableFile, WritableFile {
  readonly descriptor = undefined;
  readonly #volume: Volume;
  readonly #id: NodeId;
  readonly #observe: Observer;
  readonly #onClose: () => void;
  #position: number;

  constructor(
    volume: Volume,
    id: NodeId,
    { position, observe, onClose }: { position: number; observe: Observer; onClose: () => void },
  ) {
    this.#volume = volume;
    this.#id = id;
    this.#position = position;
    this.#observe = observe;
    this.#onClose = onClose;
    volume.hold(id);
  }

  get size(): number {
    return this.#data().length;
  }

  read(buffer: Uint8Array, position: number): number {
    const data = this.#data();
    return data.copy(buffer, 0, Math.min(position, data.length));
  }

  write(bytes: Uint8Array): void {
    const data = this.#data();
    const kept = data.subarray(0, this.#position);
    const gap = Buffer.alloc(this.#position - kept.length);
    try {
      this.#volume.setData(
        this.#id,
        Buffer.concat([kept, gap, bytes, data.subarray(this.#position + bytes.length)]),
      );
      this.#position += bytes.length;
    } finally {
      this.#observe('write');
    }
  }

  sync(): void {
    this.#volume.syncFile(this.#id);
    this.#observe('sync file');
  }

  close(): void {
    this.#volume.release(this.#id);
    this.#onClose();
  }

  #data(): Buffer {
    const node = this.#volume.node(this.#id);
    if (node.type !== 'file') throw new SystemError('EISDIR', 'read', String(this.#id));
    return node.data;
  }
}
