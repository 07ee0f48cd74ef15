'use strict';

const { existsSync } = require('node:fs');
const { enableCompileCache } = require('node:module');
const { join } = require('node:path');

const packageRoot = join(__dirname, '..');

// Below node_modules Node strips no types: what is installed there is built.
const isWorkspace =
  !packageRoot.split('/').includes('node_modules') && existsSync(join(packageRoot, 'src/cli/main.ts'));

// A folder of our own: in the shared temporary one another user could plant code for root. Where it can't be
// written, there is no cache.
enableCompileCache(join(packageRoot, '.cache/compile'));

import(isWorkspace ? '../src/cli/main.ts' : '../dist/cli/main.js');
