'use strict';
// Installs the workspace: pnpm (at the version pinned in package.json) through npx, and with it Node 24.
// Plain old JavaScript on purpose: this runs on whatever Node the machine has. Does nothing when nothing changed.
//
//   node scripts/bootstrap.cjs            install exactly what pnpm-lock.yaml says
//   node scripts/bootstrap.cjs --update   install what the package.json files say, and rewrite the lockfile
//   node scripts/bootstrap.cjs --force    install even if nothing seems to have changed

var childProcess = require('child_process');
var crypto = require('crypto');
var fs = require('fs');
var path = require('path');

var root = path.resolve(__dirname, '..');
var modules = path.join(root, 'node_modules');
var stampFile = path.join(modules, '.bootstrap');
var packages = ['.', 'shared', 'manifests', 'server', 'client', 'test'];
var oldestNodeForPnpm = 20;
var npmForOldNode = 'npm@11.19.1';

var wanted = process.argv.slice(2);
var update = wanted.indexOf('--update') >= 0;
var force = update || wanted.indexOf('--force') >= 0;

if (force || !isInstalled()) {
  install();
  fs.writeFileSync(stampFile, fingerprint() + '\n');
}

function isInstalled() {
  var markers = ['node', 'swupd', 'swupd-server', 'tsc', 'vitest', 'biome'].map(function (name) {
    return path.join(modules, '.bin', name);
  });
  packages.forEach(function (folder) {
    if (hasDependencies(folder)) markers.push(path.join(root, folder, 'node_modules'));
  });
  return markers.every(fs.existsSync) && readText(stampFile).trim() === fingerprint();
}

function hasDependencies(folder) {
  var text = readText(path.join(root, folder, 'package.json'));
  if (text === '') return false;
  var manifest = JSON.parse(text);
  return Object.keys(Object.assign({}, manifest.dependencies, manifest.devDependencies)).length > 0;
}

// What an installation depends on. The platform counts because packages carry native binaries.
function fingerprint() {
  var hash = crypto.createHash('sha256');
  var files = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', '.npmrc'];
  packages.forEach(function (folder) {
    files.push(path.join(folder, 'package.json'));
  });
  files.forEach(function (file) {
    hash.update(file + '\0' + readText(path.join(root, file)) + '\0');
  });
  return hash.update([process.platform, process.arch, root].join('\0')).digest('hex');
}

function install() {
  var manifest = JSON.parse(readText(path.join(root, 'package.json')));
  var frozen = !update && (process.env.CI || fs.existsSync(path.join(root, 'pnpm-lock.yaml')));
  var args = ['-p', manifest.packageManager.split('+')[0], 'pnpm', 'install'];
  args.push(frozen ? '--frozen-lockfile' : '--no-frozen-lockfile');
  // pnpm's own installation needs a recent Node and npm: on an older machine an outer npx brings both.
  if (majorOf(process.versions.node) < oldestNodeForPnpm) {
    var node = ['node', process.platform, process.arch].join('-') + '@' + manifest.devDependencies.node;
    args = ['-p', node, '-p', npmForOldNode, 'npx'].concat(args);
  }

  console.error('bootstrap: npx ' + args.join(' '));
  var result = childProcess.spawnSync('npx', args, {
    cwd: root,
    env: installEnvironment(),
    stdio: ['ignore', 2, 2],
  });
  if (result.error) throw result.error;
  if (result.status !== 0) {
    console.error(
      'bootstrap: the installation failed. If a package.json changed, run: npm run bootstrap -- --update',
    );
    process.exit(result.status || 1);
  }
}

function installEnvironment() {
  var env = {};
  Object.keys(process.env).forEach(function (name) {
    // Settings of an outer `npm run` that npm would warn about, or that would redirect the installation.
    if (/^npm_(config_(prefix|local_prefix|global_prefix|user_agent)|package_|lifecycle_)/.test(name)) return;
    env[name] = process.env[name];
  });
  // The spelling that every npm understands for "do not ask"; `--yes` is unknown to npm 6.
  env.npm_config_yes = 'true';
  return env;
}

function majorOf(version) {
  return parseInt(version.split('.')[0], 10);
}

function readText(file) {
  try {
    return fs.readFileSync(file, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return '';
    throw error;
  }
}
