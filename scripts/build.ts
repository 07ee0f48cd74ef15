// Builds every package into its dist folder, from nothing.

import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const packages = ['shared', 'manifests', 'server', 'client'];

for (const name of packages) {
  rmSync(join(root, name, 'dist'), { recursive: true, force: true });
  rmSync(join(root, name, '.cache/dist.tsbuildinfo'), { force: true });
}
compile();
for (const file of globSync(`{${packages.join(',')}}/dist/**/*.js`, { cwd: root })) {
  rewriteModuleUrls(join(root, file));
}

function compile(): void {
  const { status } = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-b', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(status ?? 1);
}

/** The compiler rewrites import specifiers, but not `new URL('./worker.ts', import.meta.url)`. */
function rewriteModuleUrls(file: string): void {
  const before = readFileSync(file, 'utf8');
  const after = before.replace(
    /(new URL\(\s*)(['"])(\.{1,2}\/[^'"]*)\.ts\2(\s*,\s*import\.meta\.url)/g,
    '$1$2$3.js$2$4',
  );
  if (after !== before) writeFileSync(file, after);
}
