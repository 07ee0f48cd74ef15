import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT, type ObjectName } from '@swupd/manifests';
import {
  BUILD_ROLE,
  driveTrust,
  loadChannel,
  loadOlderPage,
  refreshTrust,
  type Targets,
  type TrustRun,
} from '@swupd/manifests/trust';
import { BuildError } from '../build-error.ts';
import type { RepositoryState } from '../metadata/repository-state.ts';
import { findObject } from './read-object.ts';

/**
 * The metadata that is published.
 * @throws BuildError `not-a-repository`, `bad-repository`; TrustError where a device would refuse it too
 */
export function readMetadata(repository: string): RepositoryState {
  checkRepository(repository);
  return readMetadataWith((name) => findObject(repository, name));
}

/**
 * The metadata that `read` gives, verified as a device does it that has the first root, but for expiry: what has expired can be
 * signed anew. Every page of every channel is part of it.
 * @throws TrustError
 */
export function readMetadataWith(read: (name: ObjectName) => Uint8Array | undefined): RepositoryState {
  const drive = <T>(run: TrustRun<T>): T =>
    driveTrust(run, (request) =>
      request.kind === 'fetch' ? read(LAYOUT.metadata(request.name)) : undefined,
    );
  const root = read(LAYOUT.root(1)) ?? Buffer.alloc(0);
  // Whatever has expired, it did so after 1970.
  let set = drive(refreshTrust({ root, clock: 0 }));
  const roles = new Map<string, Targets>();
  for (const { name: channel } of set.targets?.delegations ?? []) {
    if (channel === BUILD_ROLE || set.snapshot?.meta.has(channel) !== true) continue;
    let found = drive(loadChannel(set, channel));
    for (;;) {
      set = found.set;
      roles.set(found.name, found.page);
      const older = drive(loadOlderPage(set, channel, found));
      if (older === undefined) break;
      found = older;
    }
  }
  return { set, roles };
}

/** @throws BuildError `not-a-repository` */
export function checkRepository(repository: string): void {
  if (existsSync(join(repository, LAYOUT.root(1)))) return;
  throw new BuildError('not-a-repository', `${repository} is no repository: it has no ${LAYOUT.root(1)}`, {
    details: { repository },
    hint: `Found one with 'swupd-server init ${repository}'.`,
  });
}
