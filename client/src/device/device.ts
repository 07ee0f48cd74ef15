import { ContentCache } from '../content/content-cache.ts';
import type { Executor } from '../content/executor.ts';
import { DeviceError } from '../device-error.ts';
import { type Directory, errnoOf } from '../disk/index.ts';
import type { Repository } from '../repository/index.ts';
import { type InstalledRecord, readInstalledRecord } from '../state/installed-record.ts';
import { ReleaseStore } from '../state/release-store.ts';
import { openStateDirectory, openStateTop, type StateDirectory } from '../state/state-directory.ts';
import { TrustStore } from '../trust/trust-store.ts';
import { kept } from './kept-settings.ts';
import type { DeviceOptions, Ports } from './ports.ts';

/** What devices follow that have been told nothing. */
const DEFAULT_CHANNEL = 'stable';

/** A root with its state directory, open. Everything that a command does goes through it. */
export class Device {
  readonly ports: Ports;
  readonly options: DeviceOptions;
  readonly root: Directory;
  readonly state: StateDirectory;
  readonly trust: TrustStore;
  readonly releases: ReleaseStore;
  readonly cache: ContentCache;
  #repository: Repository | undefined;
  #executor: Executor | undefined;

  /**
   * With `create`, the state directory is made where it is missing; a command that only reads leaves no trace.
   * @throws DeviceError `no-root`, `not-installed`, `bad-state`, `not-permitted`
   */
  constructor(ports: Ports, options: DeviceOptions, create: boolean) {
    this.ports = ports;
    this.options = options;
    this.root = openRoot(ports, options);
    try {
      this.state = openState(ports, options, { root: this.root, create });
    } catch (error) {
      this.root.close();
      throw error;
    }
    this.trust = new TrustStore(this.state.metadata, options.trustAnchor);
    this.releases = new ReleaseStore(this.state.releases, this.state.documents);
    this.cache = new ContentCache(this.state.cache);
  }

  get record(): InstalledRecord | undefined {
    return readInstalledRecord(this.state.top);
  }

  /** The same, but none where it is damaged: for those who need no more than what it would say, or install over it. */
  get soundRecord(): InstalledRecord | undefined {
    try {
      return this.record;
    } catch (error) {
      if (error instanceof DeviceError && error.code === 'bad-state') return undefined;
      throw error;
    }
  }

  /** @throws DeviceError `not-installed` */
  requireRecord(): InstalledRecord {
    const { record } = this;
    if (record !== undefined) return record;
    throw notInstalled(this.options);
  }

  /** The address in use: named, configured in the root, or kept since the installation. @throws DeviceError `no-url` */
  get url(): string {
    const url = this.options.url ?? kept(this.root, 'url') ?? this.record?.url;
    if (url !== undefined) return url;
    throw new DeviceError('no-url', 'this device does not know the address of a repository', {
      hint: 'Pass it with -u, or write it to /etc/swupd/url.',
    });
  }

  /** The channel in use: named, configured in the root, or kept since the installation. */
  get channel(): string {
    return this.options.channel ?? kept(this.root, 'channel') ?? this.soundRecord?.channel ?? DEFAULT_CHANNEL;
  }

  get repository(): Repository {
    this.#repository ??= this.ports.openRepository(this.url);
    return this.#repository;
  }

  /** Bodies and requests so far. */
  get transferred(): { readonly requests: number; readonly bytes: number } {
    return this.#repository?.stats ?? { requests: 0, bytes: 0 };
  }

  /** What stops a transfer, for the options of each. */
  get stop(): { readonly signal?: AbortSignal } {
    const { signal } = this.ports;
    return signal === undefined ? {} : { signal };
  }

  get executor(): Executor {
    this.#executor ??= this.ports.startExecutor();
    return this.#executor;
  }

  async close(): Promise<void> {
    await this.#executor?.close();
    await this.#repository?.close();
    this.state.close();
    this.root.close();
  }
}

function openRoot({ disk }: Ports, { root }: DeviceOptions): Directory {
  try {
    return disk.openRoot(root);
  } catch (cause) {
    throw new DeviceError(
      'no-root',
      `${root} can't be opened as the root of a system (${errnoOf(cause) ?? 'error'})`,
      {
        cause,
        hint: 'Make the directory first, or name another one with --path.',
      },
    );
  }
}

function openState(
  { disk }: Ports,
  options: DeviceOptions,
  { root, create }: { root: Directory; create: boolean },
): StateDirectory {
  try {
    const top = openStateTop(disk, root, { named: options.stateDirectory, create });
    if (top === undefined) throw notInstalled(options);
    try {
      return openStateDirectory(top);
    } catch (error) {
      top.close();
      throw error;
    }
  } catch (cause) {
    const code = errnoOf(cause);
    if (code !== 'EACCES' && code !== 'EPERM' && code !== 'EROFS') throw cause;
    throw new DeviceError('not-permitted', `the state directory can't be used by this user (${code})`, {
      cause,
      hint: 'Run the command as root, or name another state directory with -S.',
    });
  }
}

function notInstalled({ root }: DeviceOptions): DeviceError {
  return new DeviceError('not-installed', `there is no system below ${root} that swupd knows of`, {
    hint: "Install one with 'swupd os-install', or name its state directory with -S.",
  });
}
