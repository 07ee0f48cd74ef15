#!/usr/bin/env node
'use strict';
// Syntax for any Node, however old: this must be able to say what is missing.

var version = process.versions.node.split('.');
if (version[0] * 1000 + version[1] * 1 >= 24006) {
  require('./start.js');
} else {
  process.stderr.write(
    'swupd-server needs Node.js 24.6 or newer, this is ' +
      process.version +
      ' (install Node.js 24; in a checkout: npm run bootstrap, then node_modules/.bin/swupd-server)\n',
  );
  process.exit(1);
}
