import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFORMANCE } from '@swupd/manifests/conformance';
import { findTarget, refreshTrust, type TargetFile, type TrustedSet } from '@swupd/manifests/trust';
import { driveTrustAsync, type TrustAnswer } from '../../client/src/trust/drive-trust.ts';
import { hasKnownHashes, isTarget, targetName } from '../tuf/client/download-target.ts';
import { fetchBounded, urlBelow } from './fetch-bounded.ts';
import { type FolderStore, folderStore, readIfThere, replaceFile } from './folder-store.ts';
import type { ConformanceCommand } from './parse-command.ts';

/** What only a client of any targets can find wrong: devices have MoMs, and verify them in their own way. */
export class ConformanceError extends Error {
  readonly code: 'unknown-target' | 'target-mismatch';
  constructor(code: ConformanceError['code'], message: string) {
    super(message);
    this.code = code;
  }
}

/**
 * Does what the suite asks for, with the client workflow of devices over a folder and HTTP. `clock` in seconds since 1970.
 * @throws TrustError, ConformanceError, Error
 */
export async function runCommand(command: ConformanceCommand, clock: number): Promise<void> {
  const store = folderStore(command.metadataDir);
  if (command.kind === 'init') {
    store.save('root', readFileSync(command.rootFile));
    return;
  }
  const root = store.load('root');
  if (root === undefined) throw new TypeError(`${command.metadataDir} has no root.json: init comes first`);
  const answer = answerFrom(store, command.metadataUrl);
  let set: TrustedSet = await driveTrustAsync(refreshTrust({ root, clock, policy: CONFORMANCE }), answer);
  if (command.kind === 'refresh') return;
  mkdirSync(command.targetDir, { recursive: true });
  for (const path of command.targetNames) {
    const found = await driveTrustAsync(findTarget(set, path), answer);
    set = found.set;
    if (found.target === undefined) throw unknownTarget(path);
    await downloadTarget(set, found.target, command);
  }
}

function answerFrom(store: FolderStore, metadataUrl: string): TrustAnswer {
  return async (request) => {
    if (request.kind === 'fetch') return fetchBounded(urlBelow(metadataUrl, request.name), request.limit);
    if (request.kind === 'load') return store.load(request.role);
    store.save(request.role, request.bytes);
    return undefined;
  };
}

/** 5.7. What the folder has already is not downloaded again. */
async function downloadTarget(
  set: TrustedSet,
  target: TargetFile,
  { targetBaseUrl, targetDir }: { readonly targetBaseUrl: string; readonly targetDir: string },
): Promise<void> {
  const file = join(targetDir, encodeURIComponent(target.path));
  const kept = readIfThere(file);
  if (kept !== undefined && isTarget(kept, target)) return;
  if (!hasKnownHashes(target)) throw badTarget(target.path, 'has a hash of a kind that is not known');
  const name = targetName(set, target).split('/').map(encodeURIComponent).join('/');
  const bytes = await fetchBounded(urlBelow(targetBaseUrl, name), target.length);
  if (bytes === undefined || !isTarget(bytes, target))
    throw badTarget(target.path, 'is not what its role says');
  replaceFile(file, bytes);
}

function unknownTarget(path: string): ConformanceError {
  return new ConformanceError('unknown-target', `no role names ${JSON.stringify(path)}`);
}

function badTarget(path: string, why: string): ConformanceError {
  return new ConformanceError('target-mismatch', `${JSON.stringify(path)} ${why}`);
}
