import { describeTree, dir, file, hardLink, symlink, type Tree } from '../test-support.ts';
import type { Change } from './test-system.ts';

const A = file('a');
const B = file('b');
const D = dir();

/** One of each kind of step, obstacle and removal. */
export const DISK: Tree = {
  content: A,
  'dir-to-file': D,
  'dir-to-file/mine': file('mine'),
  'dir-to-file/x': A,
  'dir-to-link': D,
  'dir-to-link/x': A,
  dropped: D,
  'dropped/x': A,
  'file-to-dir': A,
  foreign: file('mine'),
  group: A,
  'group-2': hardLink('group'),
  'link-to-dir': symlink('dropped'),
  mode: A,
};
const { foreign: _, 'dir-to-file/mine': __, ...INSTALLED } = DISK;
const TARGET: Tree = {
  content: B,
  'dir-to-file': B,
  'dir-to-link': symlink('new'),
  'file-to-dir': D,
  'file-to-dir/x': A,
  foreign: B,
  group: B,
  'group-2': hardLink('group'),
  'link-to-dir': dir({ mode: 0o700 }),
  mode: file('a', { mode: 0o4755 }),
  'new': D,
  'new/twice': A,
  boot: file('kernel', { pathClass: 'boot' }),
};
export const AFTER = describeTree({
  ...TARGET,
  'dir-to-file.kept-1': D,
  'dir-to-file.kept-1/mine': file('mine'),
  'foreign.kept-1': file('mine'),
});
export const BEFORE = describeTree(DISK);
export const CHANGE: Change = { installed: INSTALLED as Tree, target: TARGET };
