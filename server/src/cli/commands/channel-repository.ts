import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { BuildError } from '../../build-error.ts';
import type { CliIo } from '../cli-io.ts';
import { absolutePath } from '../options/parse-options.ts';

/**
 * The repository of a command whose first argument is something else: `--repo`, $SWUPD_REPO, or the working directory.
 * @throws BuildError `not-a-repository` where none is named, and the working directory is none
 */
export function chosenRepository(repo: string | undefined, io: CliIo): string {
  const named = repo ?? io.env.SWUPD_REPO;
  if (named !== undefined && named !== '') return absolutePath(io, named);
  const here = absolutePath(io, '.');
  if (existsSync(join(here, LAYOUT.root(1)))) return here;
  throw new BuildError('not-a-repository', `${here} is no repository, and none is named`, {
    details: { repository: here },
    hint: 'Pass --repo DIR, set SWUPD_REPO, or run this in the folder of the repository.',
  });
}
