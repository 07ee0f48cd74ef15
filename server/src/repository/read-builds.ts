import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT, type Mom } from '@swupd/manifests';
import { type RoleKeys, verifyMom } from '@swupd/manifests/trust';
import { findObject, readObject } from './read-object.ts';

const NUMBER = /^[1-9][0-9]{0,15}$/;

/** The numbers of all builds that were ever published, offered or not, newest first. */
export function listBuilds(repository: string): number[] {
  const folder = join(repository, 'releases');
  return (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => NUMBER.test(name) && existsSync(join(repository, LAYOUT.mom(Number(name)))))
    .map(Number)
    .sort((a, b) => b - a);
}

/**
 * The newest `count` builds whose MoM is signed by the build keys of today, newest first. What only earlier keys have signed
 * is passed by: nobody knows who has them now.
 * @throws BuildError `bad-repository`; TrustError `bad-mom-signature` where a signature is damaged
 */
export function readBuilds(repository: string, keys: RoleKeys, count: number): Mom[] {
  const builds: Mom[] = [];
  for (const version of listBuilds(repository)) {
    if (builds.length >= count) break;
    const mom = readBuild(repository, keys, version);
    if (mom !== undefined) builds.push(mom);
  }
  return builds;
}

/** The MoM of one build, verified; undefined where no build key of today has signed it. */
export function readBuild(repository: string, keys: RoleKeys, version: number): Mom | undefined {
  const signatures = readMomSignatures(repository, keys, version);
  if (signatures.length < keys.threshold) return undefined;
  return verifyMom({ mom: readObject(repository, LAYOUT.mom(version)), signatures }, keys, undefined);
}

/** The signature files of a MoM by keys of the role. */
export function readMomSignatures(repository: string, keys: RoleKeys, version: number): Uint8Array[] {
  return [...keys.keys.keys()].flatMap((keyid) => {
    const bytes = findObject(repository, LAYOUT.momSignature(version, keyid));
    return bytes === undefined ? [] : [bytes];
  });
}
