import { BuildError } from '../build-error.ts';

/** Builds only grow. @throws BuildError `version-exists`, `version-too-low` */
export function checkVersion(version: number, newest: number): void {
  if (version > newest) return;
  if (version === newest) {
    throw new BuildError('version-exists', `build ${version} is published already`, {
      details: { version, newest },
      hint: `Published builds never change. Give the new build a higher number, or offer this one: swupd-server channel promote ${version} --to CHANNEL.`,
    });
  }
  throw new BuildError('version-too-low', `build ${version} is below build ${newest}, the newest`, {
    details: { version, newest },
    hint: `Give the new build a number above ${newest}.`,
  });
}
