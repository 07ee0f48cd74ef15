// A repository whose keys are in several hands, for the tests of this room.
import { existsSync, mkdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import {
  buildKeys,
  driveTrust,
  isMomSigned,
  loadChannel,
  type Offer,
  offersOf,
  refreshTrust,
  type TrustRun,
} from '@swupd/manifests/trust';
import { readKeyFile } from '../keys/key-file.ts';
import { KeyRing } from '../keys/key-ring.ts';
import { readMomSignatures } from '../repository/read-builds.ts';
import { type Lab, TIME } from '../test-build.ts';
import type { ChangeOptions } from './change-repository.ts';

export const LATER = TIME + 1000;

/** Changes with the keys that are in the folder of keys. */
export function changeOptions({ repository }: Lab, more: Partial<ChangeOptions> = {}): ChangeOptions {
  const folder = `${repository}.keys`;
  return {
    repository,
    openRing: () => KeyRing.open({ folder, signers: [], env: {} }),
    time: LATER,
    life: 7 * 86_400,
    pid: process.pid,
    ...more,
  };
}

/** Moves keys out of the folder of keys: somebody else has them. */
export function takeAway({ repository }: Lab, ...names: string[]): void {
  mkdirSync(`${repository}.away`, { recursive: true });
  for (const name of names) renameSync(join(`${repository}.keys`, name), join(`${repository}.away`, name));
}

/** The ring of somebody who has these keys. */
export function ringOf({ repository }: Lab, ...names: string[]): KeyRing {
  return new KeyRing(
    names.map((name) => readKeyFile(join(`${repository}.away`, name))),
    [],
    {},
  );
}

/** What a device with the first root is offered; it would take the MoM of each. @throws TrustError */
export function offeredTo({ repository }: Lab, channel: string): Offer[] {
  const drive = <T>(run: TrustRun<T>): T =>
    driveTrust(run, (request) => {
      const path = request.kind === 'fetch' ? join(repository, LAYOUT.metadata(request.name)) : '';
      return existsSync(path) ? readFileSync(path) : undefined;
    });
  const root = readFileSync(join(repository, LAYOUT.root(1)));
  const set = drive(refreshTrust({ root, clock: LATER + 1 }));
  const offers = offersOf(drive(loadChannel(set, channel)).page, channel);
  const keys = buildKeys(set);
  return offers.filter(({ version }) => {
    const mom = readFileSync(join(repository, LAYOUT.mom(version)));
    return isMomSigned({ mom, signatures: readMomSignatures(repository, keys, version) }, keys);
  });
}

export const versions = (offers: readonly Offer[]): number[] => offers.map(({ version }) => version);
