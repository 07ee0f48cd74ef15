import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PlacedMutant } from './messages.ts';
import { applyMutant } from './mutant.ts';

const QUERY = '?round=';
const WORKSPACE = new URL('../../', import.meta.url).href;
const SUITE = new URL('tiny-suite.ts', import.meta.url).href;
/** Packages that no mutant is in, and the tests' own frame: loaded once. */
const KEPT = /\/node_modules\/|\/shared\/src\/|\/test\/mutation\/[^/]*$/;

let round = 0;
let active: PlacedMutant | undefined;
const texts = new Map<string, string>();

/** Has this process load modules afresh, and changed by a mutant, as often as `importAfresh` is called. */
export function installFreshModules(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const of = context.parentURL?.split(QUERY)[1];
      if (of === undefined) return next(specifier, context);
      if (specifier === 'vitest') return { url: SUITE, format: 'module', shortCircuit: true };
      const found = next(specifier, context);
      return isFresh(found.url) ? { ...found, url: `${found.url}${QUERY}${of}`, format: 'module' } : found;
    },
    load(url, context, next) {
      if (!url.includes(QUERY)) return next(url, context);
      return { format: 'module', shortCircuit: true, source: textOf(fileURLToPath(url)) };
    },
  });
}

/** Another round: what is imported from now on is new, with the mutant in it. */
export function beginRound(mutant: PlacedMutant | undefined): void {
  round++;
  active = mutant;
}

export function importAfresh(file: string): Promise<unknown> {
  return import(`${pathToFileURL(file).href}${QUERY}${round}`);
}

/** The file that a module was loaded from afresh in this round. */
export function fileOfScript(url: string): string | undefined {
  return url.endsWith(`${QUERY}${round}`) ? fileURLToPath(url) : undefined;
}

function isFresh(url: string): boolean {
  return url.startsWith(WORKSPACE) && url.endsWith('.ts') && !KEPT.test(url);
}

function textOf(file: string): string {
  let text = texts.get(file);
  if (text === undefined) {
    text = plainText(file);
    texts.set(file, text);
  }
  return active?.file === file ? applyMutant(text, active) : text;
}

/** The JavaScript of a source: every character is where it was. */
export function plainText(file: string): string {
  return stripTypeScriptTypes(readFileSync(file, 'utf8'));
}
