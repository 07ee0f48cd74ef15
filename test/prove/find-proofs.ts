import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Proof } from './proof.ts';

const HERE = fileURLToPath(new URL('.', import.meta.url));

/** The proofs of all folders beside this file that have an `index.ts` with one, by name. */
export async function findProofs(folder = HERE): Promise<Proof[]> {
  const files = readdirSync(folder, { withFileTypes: true })
    .filter((one) => one.isDirectory())
    .map(({ name }) => join(folder, name, 'index.ts'))
    .filter((file) => existsSync(file));
  const modules = await Promise.all(
    files.map(async (file) => (await import(pathToFileURL(file).href)) as { readonly PROOF?: Proof }),
  );
  return modules.flatMap(({ PROOF }) => PROOF ?? []).sort((a, b) => (a.name < b.name ? -1 : 1));
}
