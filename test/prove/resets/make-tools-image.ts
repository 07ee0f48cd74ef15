import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readdirSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TOOLS_ENV } from './requirements.ts';

const WORKSPACE = fileURLToPath(new URL('../../../', import.meta.url));
const PACKAGES = ['shared', 'manifests', 'client'];

/** What the machine runs besides busybox's shell. */
const PROGRAMS = ['/bin/sync', '/bin/tar', '/bin/sh'];

/** Where things are in the machine. */
export const GUEST = {
  node: '/bin/node',
  swupd: '/swupd/client/bin/swupd.js',
  anchor: '/anchor.json',
  /** Where the system disk is mounted. */
  system: '/system',
} as const;

export interface ToolsImageOptions {
  readonly busybox: string;
  /** Files and folders to put beside the client, by their names in the machine. */
  readonly more: Readonly<Record<string, string>>;
}

/** Makes a file system image with Node, the client as it is in this workspace, and what both need, at `path`. */
export function makeToolsImage(path: string, { busybox, more }: ToolsImageOptions): void {
  const tree = `${path}.tree`;
  rmSync(tree, { recursive: true, force: true });
  for (const name of ['bin', 'dev', 'proc', 'sys', 'tmp', GUEST.system])
    mkdirSync(join(tree, name), { recursive: true });
  copyProgram(process.execPath, join(tree, GUEST.node));
  for (const program of PROGRAMS) copyProgram(program, join(tree, program));
  for (const library of new Set([process.execPath, ...PROGRAMS].flatMap(librariesOf)))
    copyProgram(library, join(tree, library));
  copyProgram(busybox, join(tree, 'bin/busybox'));
  for (const applet of ['mount', 'umount', 'sleep', 'cat']) symlinkSync('busybox', join(tree, 'bin', applet));
  copyClient(join(tree, 'swupd'));
  for (const [name, source] of Object.entries(more)) cpSync(source, join(tree, name), { recursive: true });
  rmSync(path, { force: true });
  execFileSync('mkfs.ext4', ['-q', '-O', '^has_journal', '-d', tree, path, '320M'], {
    env: TOOLS_ENV,
    stdio: 'pipe',
  });
  rmSync(tree, { recursive: true });
}

/** The three packages without their caches, and the packages that they need, at the places where pnpm has put them. */
function copyClient(to: string): void {
  for (const name of PACKAGES) {
    cpSync(join(WORKSPACE, name), join(to, name), {
      recursive: true,
      verbatimSymlinks: true,
      filter: (source) => !['.cache', 'dist', 'vectors'].includes(basename(source)),
    });
  }
  const store = realpathSync(join(WORKSPACE, 'node_modules/.pnpm'));
  for (const name of storedPackages(store)) {
    cpSync(join(store, name), join(to, 'node_modules/.pnpm', name), {
      recursive: true,
      verbatimSymlinks: true,
    });
  }
}

/** Folders of pnpm's store that the packages need, and those that these need. */
function storedPackages(store: string): Set<string> {
  const found = new Set<string>();
  const follow = (modules: string): void => {
    for (const link of linksIn(modules)) {
      const target = realpathSync(link);
      if (!target.startsWith(`${store}/`)) continue;
      const [name = ''] = target.slice(store.length + 1).split('/');
      if (found.has(name)) continue;
      found.add(name);
      follow(join(store, name, 'node_modules'));
    }
  };
  for (const name of PACKAGES) follow(join(WORKSPACE, name, 'node_modules'));
  return found;
}

/** Packages in a folder of packages; those of a scope are one level below. */
function linksIn(modules: string): string[] {
  return readdirSync(modules).flatMap((name) => {
    if (name.startsWith('.')) return [];
    const path = join(modules, name);
    return name.startsWith('@') ? readdirSync(path).map((inner) => join(path, inner)) : [path];
  });
}

function librariesOf(program: string): string[] {
  const text = execFileSync('ldd', [program], { encoding: 'utf8' });
  return [...text.matchAll(/(\/\S+\.so[.\d]*)/g)].map(([, library = '']) => library);
}

function copyProgram(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true });
  cpSync(realpathSync(from), to);
}
