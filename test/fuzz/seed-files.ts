import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { formatCase, type NamedCase, parseCases } from './fuzz-case.ts';

/** `made`: by the real encoders. `found`: by fuzzing, kept because it reaches what no other does. */
export type SeedOrigin = 'made' | 'found';

const HEADS: Readonly<Record<SeedOrigin, string>> = {
  made: '# Made by the encoders: pnpm fuzz --make-seeds\n',
  found: '# Found by fuzzing, each for a branch that no other reaches: pnpm fuzz --keep\n',
};

/** The committed seeds of a target. */
export type Seeds = Readonly<Record<SeedOrigin, readonly NamedCase[]>>;

export function readSeeds(target: string): Seeds {
  return { made: readOrigin(target, 'made'), found: readOrigin(target, 'found') };
}

export function writeSeeds(target: string, origin: SeedOrigin, cases: readonly NamedCase[]): void {
  writeFileSync(pathOf(target, origin), HEADS[origin] + cases.map(formatCase).join(''));
}

function readOrigin(target: string, origin: SeedOrigin): NamedCase[] {
  const path = pathOf(target, origin);
  return existsSync(path) ? parseCases(readFileSync(path, 'utf8')) : [];
}

function pathOf(target: string, origin: SeedOrigin): string {
  return fileURLToPath(new URL(`./seeds/${target}.${origin}.txt`, import.meta.url));
}
