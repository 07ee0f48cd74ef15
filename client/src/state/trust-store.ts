import { type Pointer, parsePointer, parseRoot, type Root } from '@swupd/manifests';
import { DeviceError } from '../device-error.ts';
import { type Directory, readWhole, replaceFile } from '../disk/index.ts';

const ROOT = 'root.json';
const POINTER = 'timestamp.json';

/** The bytes of a pointer and of the root whose keys have signed it. */
export interface AcceptedTrust {
  readonly root: Uint8Array;
  readonly pointer: Uint8Array;
}

/** The trust anchor and the pointer that this device has accepted last. */
export class TrustStore {
  readonly #directory: Directory;
  #waiting: AcceptedTrust | undefined;

  constructor(directory: Directory) {
    this.#directory = directory;
  }

  /**
   * The root to trust: `named` by the user, else the one kept.
   * @throws DeviceError `no-trust-anchor`; TrustError `bad-root`
   */
  root(named: Uint8Array | undefined): { root: Root; bytes: Uint8Array } {
    const bytes = named ?? readWhole(this.#directory, ROOT);
    if (bytes === undefined) {
      throw new DeviceError('no-trust-anchor', 'this device has no trust anchor yet', {
        hint: "Pass the repository's metadata/1.root.json with -C, fetched over a way that you trust.",
      });
    }
    return { root: parseRoot(bytes), bytes };
  }

  /**
   * Keeps a pointer that has been verified, and the root that verified it. A root that would replace another one waits for
   * `settle`: a command that fails must not leave the device with an anchor that does not fit what is installed.
   */
  accept(accepted: AcceptedTrust): void {
    const before = readWhole(this.#directory, ROOT);
    if (before === undefined) replaceFile(this.#directory, ROOT, accepted.root);
    if (before === undefined || before.equals(accepted.root)) this.#keepPointer(accepted.pointer);
    else this.#waiting = accepted;
  }

  /** The command has succeeded: what waits replaces what was kept. */
  settle(): void {
    if (this.#waiting === undefined) return;
    replaceFile(this.#directory, ROOT, this.#waiting.root);
    this.#keepPointer(this.#waiting.pointer);
    this.#waiting = undefined;
  }

  /** The last pointer, if it is there, whole, and signed by `root`: a torn or foreign one counts as none. */
  pointer(root: Root): Pointer | undefined {
    const bytes = readWhole(this.#directory, POINTER);
    if (bytes === undefined) return undefined;
    try {
      return parsePointer(bytes, root);
    } catch {
      return undefined;
    }
  }

  #keepPointer(bytes: Uint8Array): void {
    if (readWhole(this.#directory, POINTER)?.equals(bytes) !== true)
      replaceFile(this.#directory, POINTER, bytes);
  }
}
