import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BUILDS, PACKAGES } from './packages.ts';
import { runProgram } from './run-program.ts';

/** The file name that `npm pack` gives to a package. */
export function tarballName(name: string, version: string): string {
  return `${name.replace('@', '').replace('/', '-')}-${version}.tgz`;
}

/** Brings all packages into the folder `cache`, with one call of npm; those that are there are not fetched again. */
export async function fetchPackages(cache: string): Promise<{ fetched: number; present: number }> {
  const wanted = PACKAGES.flatMap(({ name, versions }) =>
    BUILDS.map((build) => ({ name, version: versions[build] })),
  );
  const missing = wanted.filter(({ name, version }) => !existsSync(join(cache, tarballName(name, version))));
  if (missing.length > 0) await pack(missing, cache);
  return { fetched: missing.length, present: wanted.length - missing.length };
}

/** In a folder aside, so that a name in the cache always means a whole file. */
async function pack(packages: readonly { name: string; version: string }[], cache: string): Promise<void> {
  mkdirSync(cache, { recursive: true });
  const aside = mkdtempSync(join(cache, 'incoming-'));
  try {
    const specs = packages.map(({ name, version }) => `${name}@${version}`);
    const { exit, stderr } = await runProgram('npm', ['pack', '--silent', ...specs], { cwd: aside });
    if (exit !== 0) throw new Error(`npm could not fetch the packages:\n${stderr}`);
    for (const { name, version } of packages) {
      renameSync(join(aside, tarballName(name, version)), join(cache, tarballName(name, version)));
    }
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
