import { DeviceError } from '../device-error.ts';
import { type Directory, errnoOf, ownName, readWhole, removeIfThere, replaceFile } from '../disk/index.ts';
import { chooseRoot, verifiedRoot } from './choose-root.ts';
import { FACTORY_ROOT, roleFile } from './role-file.ts';

/**
 * The metadata that this device trusts, a file for each role, replaced one after the other: whichever of them a cut leaves
 * behind, the workflow goes on from there. What is torn, empty or of somebody else counts as absent, here or in the
 * workflow, and is fetched again.
 */
export class TrustStore {
  readonly #directory: Directory;
  /** The trust anchor that the user has named. */
  readonly #named: Uint8Array | undefined;
  /** What is not to be kept before the command has succeeded, by role. */
  readonly #waiting = new Map<string, Uint8Array>();

  constructor(directory: Directory, named: Uint8Array | undefined) {
    this.#directory = directory;
    this.#named = named;
  }

  /** The trust anchor: the one named by the user, else that of the installation. @throws DeviceError `no-trust-anchor` */
  get anchor(): Uint8Array {
    const anchor = this.#named ?? this.#kept(FACTORY_ROOT) ?? this.#kept(roleFile('root'));
    if (anchor !== undefined) return anchor;
    throw new DeviceError('no-trust-anchor', 'this device has no trust anchor yet', {
      hint: "Pass the repository's metadata/1.root.json with -C, fetched over a way that you trust.",
    });
  }

  /** undefined where the anchor is damaged. @throws DeviceError `no-trust-anchor` */
  get anchorVersion(): number | undefined {
    return verifiedRoot(this.anchor)?.version;
  }

  /**
   * The newest root that this device has walked to from its anchor, or the anchor itself, where the way has to be walked again.
   * @throws DeviceError `no-trust-anchor`
   */
  get root(): Uint8Array {
    const { anchor } = this;
    const kept = this.#isOther ? this.#waiting.get('root') : this.load('root');
    return chooseRoot(kept, anchor);
  }

  /** What is kept of a role; undefined where there is nothing. Whether it is to be trusted is for the workflow to say. */
  load(role: string): Uint8Array | undefined {
    return this.#waiting.get(role) ?? this.#kept(roleFile(role));
  }

  /**
   * Keeps verified metadata. What comes from another anchor than that of the installation waits for `settle`: a command that
   * fails must not leave the device with an anchor that does not fit what is installed.
   */
  save(role: string, bytes: Uint8Array): void {
    if (this.#isOther) {
      this.#waiting.set(role, bytes);
      return;
    }
    if (this.#named !== undefined) this.#replace(FACTORY_ROOT, this.#named);
    this.#replace(roleFile(role), bytes);
  }

  /** The command has succeeded: what waits replaces what was kept. After a cut in between the old anchor holds, or the new one. */
  settle(): void {
    if (this.#named === undefined || this.#waiting.size === 0) return;
    removeIfThere(this.#directory, ownName(roleFile('root')));
    this.#replace(FACTORY_ROOT, this.#named);
    for (const [role, bytes] of this.#waiting) this.#replace(roleFile(role), bytes);
    this.#waiting.clear();
  }

  /** Whether the user has named another anchor than the one that is kept. */
  get #isOther(): boolean {
    const kept = this.#kept(FACTORY_ROOT) ?? this.#kept(roleFile('root'));
    return this.#named !== undefined && kept !== undefined && Buffer.compare(kept, this.#named) !== 0;
  }

  #kept(name: string): Uint8Array | undefined {
    const bytes = readWhole(this.#directory, name);
    return bytes?.length === 0 ? undefined : bytes;
  }

  #replace(name: string, bytes: Uint8Array): void {
    if (readWhole(this.#directory, name)?.equals(bytes) !== true)
      replaceAmongOthers(this.#directory, name, bytes);
  }
}

const ATTEMPTS = 20;

/** Commands that only read hold no lock, so another one may be writing the same file: then it is tried again. */
function replaceAmongOthers(directory: Directory, name: string, bytes: Uint8Array): void {
  for (let attempt = 1; ; attempt++) {
    try {
      replaceFile(directory, name, bytes);
      return;
    } catch (error) {
      if (attempt === ATTEMPTS || !['EEXIST', 'ENOENT'].includes(errnoOf(error) ?? '')) throw error;
    }
  }
}
