import type { CliIo } from './cli-io.ts';
import { absolutePath } from './parse-options.ts';

/** The repository of a command whose first argument is something else: `--repo`, $SWUPD_REPO, or the working directory. */
export function chosenRepository(repo: string | undefined, io: CliIo): string {
  const named = repo ?? io.env.SWUPD_REPO;
  return absolutePath(io, named === undefined || named === '' ? '.' : named);
}
