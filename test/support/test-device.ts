import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type BundleAddOptions,
  type BundleAddResult,
  type BundleRemoveOptions,
  type BundleRemoveResult,
  bundleAdd,
  bundleRemove,
  type CheckUpdateResult,
  changeDevice,
  checkUpdate,
  type DiagnoseOptions,
  type DiagnoseResult,
  diagnose,
  type OsInstallOptions,
  type OsInstallResult,
  osInstall,
  type Ports,
  type RecoverResult,
  type RepairOptions,
  type RepairResult,
  type RollbackOptions,
  type RollbackResult,
  readDevice,
  recover,
  repair,
  rollback,
  type TrustInfo,
  trustInfo,
  type UpdateOptions,
  type UpdateResult,
  update,
} from '@swupd/client';
import { SILENT } from '@swupd/shared';
import { identityOf, isAlive } from '@swupd/shared/io';
import { inlineExecutor } from '../../client/src/content/inline-executor.ts';
import { REAL_DISK } from '../../client/src/disk/index.ts';
import { openSource } from '../../client/src/repository/index.ts';
import { LOOK_AT_ALL } from './look-at-all.ts';
import { type SnapshotOptions, snapshotTree, type TreeSnapshot } from './snapshot-tree.ts';
import type { TestRepository } from './test-repository.ts';

export interface TestDeviceOptions {
  readonly url?: string;
  readonly channel?: string;
  /** Ports that differ from the real ones. */
  readonly ports?: Partial<Ports>;
  /** Keep the state below the root, as on a device, instead of beside it. */
  readonly stateInRoot?: boolean;
  readonly stateDirectory?: string;
  readonly caFile?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** A root with the real client on it, in this process. Each command opens the device anew, as each run of the program does. */
export class TestDevice {
  readonly root: string;
  readonly state: string;
  readonly warnings: string[] = [];
  url: string;
  /** What a user names with each command; undefined is nothing. */
  channel: string | undefined;
  ports: Ports;
  readonly #anchor: Uint8Array;
  readonly #stateInRoot: boolean;

  constructor(folder: string, repository: TestRepository, options: TestDeviceOptions = {}) {
    this.root = join(folder, 'root');
    this.#stateInRoot = options.stateInRoot ?? false;
    this.state = this.#stateInRoot
      ? join(this.root, 'var/lib/swupd')
      : (options.stateDirectory ?? join(folder, 'state'));
    this.url = options.url ?? repository.url;
    this.channel = options.channel;
    this.#anchor = repository.trustAnchor;
    mkdirSync(this.root, { recursive: true });
    this.ports = {
      disk: REAL_DISK,
      processes: { self: identityOf(process.pid) ?? '', isAlive },
      now: () => repository.time + 60,
      openRepository: (url) =>
        openSource(url, {
          env: options.env ?? {},
          userAgent: 'swupd/0',
          now: () => performance.now(),
          random: Math.random,
          retryDelay: 1,
          ...(options.caFile === undefined ? {} : { caFile: options.caFile }),
        }),
      startExecutor: () => inlineExecutor(this.ports.disk),
      progress: SILENT,
      warn: (message) => this.warnings.push(message),
      parallel: 4,
      ...options.ports,
    };
  }

  install(options: Partial<OsInstallOptions> = {}): Promise<OsInstallResult> {
    const defaults = { bundles: [], skipOptional: false, force: false, dryRun: false, downloadOnly: false };
    return changeDevice(this.ports, this.options, (device) => osInstall(device, { ...defaults, ...options }));
  }

  update(options: Partial<UpdateOptions> = {}): Promise<UpdateResult> {
    return changeDevice(this.ports, this.options, (device) =>
      update(device, { dryRun: false, downloadOnly: false, ...options }),
    );
  }

  checkUpdate(): Promise<CheckUpdateResult> {
    return readDevice(this.ports, this.options, checkUpdate);
  }

  trustInfo(): Promise<TrustInfo> {
    return readDevice(this.ports, this.options, async (device) => trustInfo(device));
  }

  add(names: readonly string[], options: Partial<BundleAddOptions> = {}): Promise<BundleAddResult> {
    return changeDevice(this.ports, this.options, (device) =>
      bundleAdd(device, { names, skipOptional: false, dryRun: false, ...options }),
    );
  }

  remove(names: readonly string[], options: Partial<BundleRemoveOptions> = {}): Promise<BundleRemoveResult> {
    const defaults = { force: false, recursive: false, orphans: false, dryRun: false };
    return changeDevice(this.ports, this.options, (device) =>
      bundleRemove(device, { names, ...defaults, ...options }),
    );
  }

  diagnose(options: Partial<DiagnoseOptions> = {}): Promise<DiagnoseResult> {
    return readDevice(this.ports, this.options, (device) => diagnose(device, { ...LOOK_AT_ALL, ...options }));
  }

  repair(options: Partial<RepairOptions> = {}): Promise<RepairResult> {
    return changeDevice(this.ports, this.options, (device) =>
      repair(device, { ...LOOK_AT_ALL, dryRun: false, ...options }),
    );
  }

  rollback(options: Partial<RollbackOptions> = {}): Promise<RollbackResult> {
    return changeDevice(this.ports, this.options, (device) =>
      rollback(device, { dryRun: false, ...options }),
    );
  }

  recover(): Promise<RecoverResult> {
    return changeDevice(this.ports, this.options, recover);
  }

  snapshot(options: SnapshotOptions = {}): TreeSnapshot {
    return snapshotTree(this.root, options);
  }

  get options() {
    return {
      root: this.root,
      url: this.url,
      trustAnchor: this.#anchor,
      ...(this.channel === undefined ? {} : { channel: this.channel }),
      ...(this.#stateInRoot ? {} : { stateDirectory: this.state }),
    };
  }
}
