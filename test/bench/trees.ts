import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

export interface TreeOptions {
  /** Folder with the builds `10` and `20`. */
  readonly trees: string;
  /** The script that makes them: `SCRIPT FOLDER`. */
  readonly script: string | undefined;
}

/** The folder with the trees, made where they are missing and a script is named. */
export function findTrees({ trees, script }: TreeOptions): string {
  if (hasTrees(trees)) return trees;
  if (script === undefined) {
    throw new Error(
      `there are no builds 10 and 20 in ${trees}.\n` +
        'Name a folder that has them with --trees DIR (one folder a build, in it one folder a bundle),\n' +
        'or a script that makes them in a folder with --make-trees SCRIPT.',
    );
  }
  mkdirSync(trees, { recursive: true });
  execFileSync(script, [trees], { stdio: ['ignore', 'inherit', 'inherit'] });
  return trees;
}

function hasTrees(folder: string): boolean {
  return ['10', '20'].every((build) => existsSync(join(folder, build, 'os-core')));
}
