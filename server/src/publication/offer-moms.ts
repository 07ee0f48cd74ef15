import { existsSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { type Offer, offersOf, type Targets } from '@swupd/manifests/trust';
import { hashContent, syncFileSystem, writeFileAtomic } from '@swupd/shared/io';
import type { RepositoryState } from '../metadata/repository-state.ts';
import { damaged, readObject } from '../repository/read-object.ts';

/** All that the channels of a repository offer. */
export function allOffers({ roles }: RepositoryState): Offer[] {
  return offersOn([...roles]);
}

function offersOn(pages: readonly (readonly [role: string, page: Targets])[]): Offer[] {
  return pages.flatMap(([role, page]) => offersOf(page, channelOf(role)));
}

/** The channel that a role is a page of: `stable` of `stable` and of `stable.1`. */
export function channelOf(role: string): string {
  return role.split('.', 1)[0] ?? role;
}

/**
 * Gives the MoM of each build that these roles offer the name that TUF asks for: a copy of the MoM as it was built.
 * @throws BuildError `bad-repository` where that is missing or another one
 */
export function offerMoms(repository: string, { roles }: RepositoryState, changed: readonly string[]): void {
  const pages = [...roles].filter(([role]) => changed.includes(role));
  const copied = offersOn(pages).filter((offer) => copyMom(repository, offer));
  // Files and the folders above them: the metadata that follow are synced for themselves only.
  if (copied.length > 0) syncFileSystem(repository);
}

/** Whether a copy had to be made. */
function copyMom(repository: string, { channel, version, digest }: Offer): boolean {
  const target = join(repository, LAYOUT.momTarget(channel, version, digest));
  if (existsSync(target)) return false;
  const bytes = readObject(repository, LAYOUT.mom(version));
  if (hashContent(bytes) !== digest) throw damaged(repository, LAYOUT.mom(version));
  mkdirSync(dirname(target), { recursive: true });
  writeFileAtomic(target, bytes);
  return true;
}
