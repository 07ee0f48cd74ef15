'use strict';

const { existsSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');

const packageRoot = join(__dirname, '..');

// Commands that decode content start once more with less memory to touch, which can be asked for only when a process starts. The
// C library keeps what is freed, up to 32 MiB a block and for each thread on its own; blocks of these sizes it gives back at
// once, mallopt(3). And V8 takes three times 16 MiB for young objects, where what we hold are buffers.
const DECODING = ['update', 'os-install', 'bundle-add', 'repair', 'verify'];
const MALLOC = {
  MALLOC_MMAP_THRESHOLD_: String(256 * 1024),
  MALLOC_TRIM_THRESHOLD_: String(4 * 1024 * 1024),
};
const YOUNG_OBJECTS = '--max-semi-space-size=4';
const decodes = process.argv.slice(2).some((argument) => DECODING.includes(argument));
if (decodes && process.execve && !('MALLOC_MMAP_THRESHOLD_' in process.env)) {
  const args = [process.argv0, YOUNG_OBJECTS, ...process.execArgv, ...process.argv.slice(1)];
  process.execve(process.execPath, args, { ...MALLOC, ...process.env });
}

// Below node_modules Node strips no types: what is installed there is built.
const isWorkspace =
  !packageRoot.split('/').includes('node_modules') && existsSync(join(packageRoot, 'src/cli/main.ts'));

// A folder of our own: in the shared temporary one another user could plant code for root. Where it can't be
// written, there is no cache.
enableCompileCache(join(packageRoot, '.cache/compile'));

import(isWorkspace ? '../src/cli/main.ts' : '../dist/cli/main.js');
