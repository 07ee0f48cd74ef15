import { globSync, mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const OWN = 'test/bench/delta';
const SOURCES = ['shared/src/**/*.ts', `${OWN}/*-process.ts`, `${OWN}/make-delta.ts`];

/**
 * A copy of the codecs as plain JavaScript, as installed programs are: to load TypeScript takes a process 40 MB and a tenth of a
 * second, which are no part of a delta. Gives the folder of the scripts.
 */
export function buildCopy(folder: string): string {
  rmSync(folder, { recursive: true, force: true });
  for (const source of globSync(SOURCES, { cwd: ROOT, exclude: ['**/*.test.ts'] })) {
    const code = stripTypeScriptTypes(readFileSync(join(ROOT, source), 'utf8'));
    write(join(folder, source.replace(/\.ts$/, '.js')), withoutTs(code));
  }
  write(join(folder, 'package.json'), '{ "type": "module" }\n');
  write(
    join(folder, 'shared/package.json'),
    withoutTs(readFileSync(join(ROOT, 'shared/package.json'), 'utf8')),
  );
  symlinkSync(realpathSync(join(ROOT, 'shared/node_modules')), join(folder, 'shared/node_modules'));
  mkdirSync(join(folder, 'node_modules/@swupd'), { recursive: true });
  symlinkSync('../../shared', join(folder, 'node_modules/@swupd/shared'));
  return join(folder, OWN);
}

/** Relative names of modules that end with .ts end with .js. */
function withoutTs(text: string): string {
  return text.replace(/(['"])(\.{1,2}\/[^'"\n]*)\.ts\1/g, '$1$2.js$1');
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
