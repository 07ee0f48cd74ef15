import { execFileSync } from 'node:child_process';
import { appendFileSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { compareTrees, snapshotTree } from '../../support/snapshot-tree.ts';
import type { TestRepository } from '../../support/test-repository.ts';
import { callClient } from './call-client.ts';
import { type ClientOptions, type ClientResult, runClient } from './client.ts';
import { type DeviceState, readDeviceState, treeLines } from './device-state.ts';
import { DAMAGE } from './images.ts';
import type { Scenario, Step } from './scenarios.ts';

/** Where the client finds its repository. */
export interface Origin {
  readonly url: string;
  readonly anchor: string;
}

/** A root with things beside it that no command may touch, in a folder. */
export class BenchDevice {
  readonly folder: string;

  constructor(folder: string) {
    this.folder = folder;
  }

  /** An empty root, but for a file of the user's; the links that lead out of it end at files that are there. */
  static create(folder: string): BenchDevice {
    const device = new BenchDevice(folder);
    mkdirSync(join(device.root, 'home'), { recursive: true });
    mkdirSync(join(device.root, 'var/lib'), { recursive: true });
    writeFileSync(join(device.root, 'home/note'), 'of the user');
    mkdirSync(join(folder, 'outside/folder'), { recursive: true });
    for (const name of ['file', 'folder/part-1']) writeFileSync(join(folder, 'outside', name), name);
    return device;
  }

  get root(): string {
    return join(this.folder, 'root');
  }

  /** The same device in another folder, with owners, links and attributes. */
  copyTo(folder: string): BenchDevice {
    rmSync(folder, { recursive: true, force: true });
    execFileSync('cp', ['--archive', '--reflink=auto', this.folder, folder]);
    return new BenchDevice(folder);
  }

  run(command: readonly string[], origin: Origin, options?: ClientOptions): Promise<ClientResult> {
    return runClient([...command, ...argumentsFor(command, this.root, origin)], options);
  }

  /** The same in this process. */
  call(command: readonly string[], origin: Origin): Promise<ClientResult> {
    return callClient([...command, ...argumentsFor(command, this.root, origin)]);
  }

  /** @throws Error where a command fails */
  async take(steps: readonly Step[], origin: Origin): Promise<void> {
    for (const step of steps) {
      if ('do' in step) damage(this.root);
      else demandSuccess(step.run, await this.call(step.run, origin));
    }
  }

  state(): Promise<DeviceState> {
    return readDeviceState(this.root);
  }

  outside(): string[] {
    return treeLines(join(this.folder, 'outside'));
  }
}

/** All commands know the root and the repository; only an installation may name the trust anchor anew. */
export function argumentsFor(command: readonly string[], root: string, { url, anchor }: Origin): string[] {
  const common = ['-y', '-j', '--no-progress', '-p', root, '-u', url];
  return command[0] === 'os-install' ? [...common, '-C', anchor] : common;
}

export function damage(root: string): void {
  rmSync(join(root, DAMAGE.lost));
  for (const path of DAMAGE.changed) appendFileSync(join(root, path), 'damaged');
}

/** @throws Error with what the program has said, where it did not end with 0 */
export function demandSuccess(command: readonly string[], { exit, stdout, stderr }: ClientResult): void {
  if (exit !== 0) throw new Error(`swupd ${command.join(' ')} ended with ${exit}:\n${stdout}${stderr}`);
}

/** In what the root differs from what the scenario has to lead to; the user's own and the client's state aside. */
export function missedAim(root: string, scenario: Scenario, repository: TestRepository): string[] {
  const { version, bundles } = scenario.leads;
  const found = snapshotTree(root, { except: ['home', 'var'] });
  return compareTrees(repository.expected(version, bundles), found);
}
