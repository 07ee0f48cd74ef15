import type { Xattr } from '@swupd/manifests';
import { noise } from '../../../client/src/repository/test-server.ts';
import { dir, file, hardLink, symlink, type Tree } from '../../../client/src/test-support.ts';

const program = (seed: number): string => noise(1500, seed).toString('latin1');
const CHANGED = `${program(1).slice(0, 700)}changed${program(1).slice(700)}`;
const CAPABILITY = [{ name: 'security.capability', value: '\x01\0' }] as Xattr[];

/** One of each kind of node, small. */
export const CORE_10: Tree = {
  boot: dir(),
  'boot/kernel': file('kernel 10', { pathClass: 'boot' }),
  etc: dir(),
  'etc/conf': file('one', { pathClass: 'config' }),
  'etc/edited': file('one', { pathClass: 'config' }),
  usr: dir(),
  'usr/cap': file('cap', { mode: 0o755, xattrs: CAPABILITY }),
  'usr/dir-to-file': dir(),
  'usr/dir-to-file/x': file('x'),
  'usr/dropped': dir(),
  'usr/dropped/x': file('x'),
  'usr/file-to-dir': file('f'),
  'usr/group-1': file('group'),
  'usr/group-2': hardLink('usr/group-1'),
  'usr/link': symlink('cap'),
  'usr/link-to-dir': symlink('dropped'),
  'usr/mode': file('mode'),
  'usr/program': file(program(1), { mode: 0o755 }),
};

/** One of each kind of step, obstacle and removal. */
export const CORE_20: Tree = {
  boot: dir(),
  'boot/kernel': file('kernel 20', { pathClass: 'boot' }),
  etc: dir(),
  'etc/conf': file('two', { pathClass: 'config' }),
  'etc/edited': file('two', { pathClass: 'config' }),
  usr: dir(),
  'usr/cap': file('cap 20', { mode: 0o755, xattrs: CAPABILITY }),
  'usr/dir-to-file': file('now a file'),
  'usr/file-to-dir': dir({ mode: 0o700 }),
  'usr/file-to-dir/new': file('twice'),
  'usr/foreign': file('ours'),
  'usr/group-1': file('changed'),
  'usr/group-2': hardLink('usr/group-1'),
  'usr/link': symlink('mode'),
  'usr/link-to-dir': dir(),
  'usr/link-to-dir/new': file('twice'),
  'usr/mode': file('mode', { mode: 0o4755, uid: 3 }),
  'usr/program': file(CHANGED, { mode: 0o755 }),
};

export const TOOLS: Tree = {
  usr: dir(),
  'usr/tools': dir({ mode: 0o750, gid: 4 }),
  'usr/tools/saw': file(program(2), { mode: 0o755 }),
  'usr/tools/saw-2': hardLink('usr/tools/saw'),
  'usr/tools/link': symlink('saw'),
  'usr/mode': file('mode'),
};

/** What a user has done to a system of build 10. */
export const MINE: Tree = {
  'etc/edited': file('mine', { pathClass: 'config' }),
  'usr/dir-to-file/mine': file('mine'),
  'usr/foreign': file('mine'),
};

/** What a user has done to a system of build 20. */
export const EDITED_LATER: Tree = {
  'etc/conf': file('mine', { pathClass: 'config' }),
  'usr/link-to-dir/mine': file('mine'),
};

/** What a repair of build 10 has to put right. */
export const DAMAGE: Tree = {
  'usr/cap': file('bad', { mode: 0o777 }),
  'usr/dropped': file('bad'),
  'usr/file-to-dir': dir(),
  'usr/file-to-dir/mine': file('mine'),
  'usr/group-2': file('group'),
  'usr/link': symlink('bad'),
  'usr/mode': file('mode', { mode: 0o600, uid: 9 }),
};

/** Paths that it has to bring back. */
export const MISSING = ['usr/program', 'usr/link-to-dir'];
