import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Manifest, Mom } from '@swupd/manifests';
import { type BundleName, bytesOf, type Digest, type RepoPath } from '@swupd/shared';
import { hashContent } from '@swupd/shared/io';
import type { Device } from '../device/device.ts';
import type { Disk } from '../disk/index.ts';
import { type ChangePlan, type Notice, neededBlobs } from '../plan/plan.ts';
import type { KnownRelease } from '../stages/fetch-manifests.ts';
import type { HistoryEvent } from '../state/history.ts';
import type { InstalledRecord } from '../state/installed-record.ts';
import { planSystem } from '../system/plan-system.ts';
import { manifestOf, openDevice, plant, type Tree, temporaryFolder } from '../test-support.ts';
import { runTransaction } from './transaction.ts';

/** A root and its state directory, for tests of transactions. */
export interface TestSystem extends Disposable {
  readonly root: string;
  readonly state: string;
  open(disk?: Disk): Device & AsyncDisposable;
}

/** Folders to make temporary folders in: those of the root, and of the state directory where that is somewhere else. */
export interface Bases {
  readonly root?: string | undefined;
  readonly state?: string | undefined;
}

export function testSystem(disk: Tree, bases: Bases = {}): TestSystem {
  const folder = temporaryFolder(bases.root);
  const other = bases.state === undefined ? undefined : temporaryFolder(bases.state);
  const root = join(folder.path, 'root');
  const state = join((other ?? folder).path, 'state');
  mkdirSync(root);
  plant(root, disk);
  return {
    root,
    state,
    open: (port) => openDevice({ root, stateDirectory: state }, port === undefined ? {} : { disk: port }),
    [Symbol.dispose]() {
      folder[Symbol.dispose]();
      other?.[Symbol.dispose]();
    },
  };
}

export interface Change {
  readonly installed?: Tree;
  readonly target: Tree;
  readonly purpose?: 'update' | 'repair';
}

function releaseOf(tree: Tree): KnownRelease {
  const manifest: Manifest = manifestOf(tree);
  return {
    mom: {} as Mom,
    digest: '0'.repeat(64) as Digest,
    manifests: new Map([['os-core' as BundleName, manifest]]),
  };
}

/** The plan for what is really there. */
export async function planFor(
  device: Device,
  { installed, target, purpose = 'update' }: Change,
): Promise<ChangePlan> {
  const known = installed === undefined ? undefined : releaseOf(installed);
  const wanted = installed === target && known !== undefined ? known : releaseOf(target);
  const { plan } = await planSystem(device, {
    installed: known,
    target: wanted,
    purpose,
    scope: 'all',
    hash: true,
  });
  return plan;
}

/** Puts what the plan needs into the cache. */
export function fillCache(device: Device, plan: ChangePlan, target: Tree): void {
  const needed = new Set(neededBlobs(plan).map(({ digest }) => digest));
  for (const node of Object.values(target)) {
    if (node.type !== 'file') continue;
    const bytes = bytesOf(node.content);
    const digest = hashContent(bytes);
    if (!needed.has(digest) || device.cache.has(digest)) continue;
    const pending = device.cache.begin(digest);
    pending.write(bytes);
    pending.keep(digest);
  }
}

export const RECORD: InstalledRecord = {
  format: 1,
  version: 20,
  mom: 'a'.repeat(64) as Digest,
  bundles: [{ name: 'os-core' as BundleName, tracked: true }],
  url: 'file:///nowhere',
};

export const EVENT: HistoryEvent = { command: 'test', from: 10, to: 20, bytes: 0 };

/** What the transactions of tests are besides their plans. */
export const TO_RECORD = { record: RECORD, keep: new Map<RepoPath, Digest>(), event: EVENT, hooks: [] };

/** Plans, brings the content and carries out. */
export async function carryOut(device: Device, change: Change): Promise<Notice[]> {
  const plan = await planFor(device, change);
  fillCache(device, plan, change.target);
  return [...plan.notices, ...runTransaction(device, { plan, ...TO_RECORD }).notices];
}
