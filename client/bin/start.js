'use strict';

const { existsSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');

const packageRoot = join(__dirname, '..');

// The C library keeps what is freed, up to 32 MiB a block and for each thread on its own. Commands that decode content get it to
// give back blocks of these sizes at once, which can be asked for only when a process starts. mallopt(3).
const DECODING = ['update', 'os-install', 'bundle-add', 'repair', 'verify'];
const MALLOC = {
  MALLOC_MMAP_THRESHOLD_: String(256 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(4 * 1024 * 1024),
};
const decodes = process.argv.slice(2).some((argument) => DECODING.includes(argument));
if (decodes && process.execve && !('MALLOC_MMAP_THRESHOLD_' in process.env)) {
  const args = [process.argv0, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, args, { ...MALLOC, ...process.env });
}

// Below node_modules Node strips no types: what is installed there is built.
const isWorkspace =
  !packageRoot.split('/').includes('node_modules') && existsSync(join(packageRoot, 'src/cli/main.ts'));

// A folder of our own: in the shared temporary one another user could plant code for root. Where it can't be
// written, there is no cache.
enableCompileCache(join(packageRoot, '.cache/compile'));

import(isWorkspace ? '../src/cli/main.ts' : '../dist/cli/main.js');
