import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The workspace's folder. */
export const WORKSPACE = fileURLToPath(new URL('../..', import.meta.url));

export const PACKAGES = ['shared', 'manifests', 'server', 'client'] as const;

/** One TypeScript file of a package. */
export interface SourceFile {
  /** From the workspace, with slashes. */
  readonly path: string;
  readonly package: string;
  /** The folder below `src`, or the file's own name where it lies in `src` itself. */
  readonly room: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

export interface Import {
  /** As it is written. */
  readonly specifier: string;
  /** The file that it leads to, from the workspace; undefined for a package. */
  readonly file: string | undefined;
  /** `@scope/name` or `name`, or `node:name`; undefined for a file. */
  readonly package: string | undefined;
}

/** Biome keeps imports and re-exports in this one shape, so no parser is needed; dynamic ones are found as well. */
const IMPORT = /^(?:import|export)\b[^;]*?\bfrom '([^']+)'|^import '([^']+)'|\bimport\(\s*'([^']+)'\s*\)/gm;

/** All sources of all packages, tests left out. */
export function readSources(): SourceFile[] {
  return PACKAGES.flatMap((name) =>
    filesBelow(join(WORKSPACE, name, 'src'))
      .filter((path) => path.endsWith('.ts') && !isForTests(path))
      .map((path) => readSource(name, path)),
  );
}

/** Test files, and what stands beside them for them: `test-server.ts`. */
export function isForTests(path: string): boolean {
  return /(?:\.test\.ts$|\/test-[^/]*\.ts$)/.test(path);
}

export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((item) => item.isFile())
    .map((item) => join(item.parentPath, item.name))
    .filter((path) => !/\/(?:node_modules|\.cache|dist)\//.test(path))
    .sort();
}

function readSource(packageName: string, absolute: string): SourceFile {
  const path = relative(WORKSPACE, absolute);
  const text = readFileSync(absolute, 'utf8');
  const [room = ''] = relative(join(packageName, 'src'), path).split('/');
  return { path, package: packageName, room, text, imports: importsOf(path, text) };
}

function importsOf(path: string, text: string): Import[] {
  return [...text.matchAll(IMPORT)].map((match) => {
    const specifier = match[1] ?? match[2] ?? match[3] ?? '';
    if (specifier.startsWith('.')) {
      return { specifier, file: normalize(join(dirname(path), specifier)), package: undefined };
    }
    const depth = specifier.startsWith('@') ? 2 : 1;
    return { specifier, file: undefined, package: specifier.split('/').slice(0, depth).join('/') };
  });
}
