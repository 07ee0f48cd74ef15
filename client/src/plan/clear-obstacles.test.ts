import { type RepoPath, sha256 } from '@swupd/shared';
import { expect, test } from 'vitest';
import { clearObstacles } from './clear-obstacles.ts';
import type { ChangePlan, Obstacle, Step } from './plan.ts';

const BASE = { uid: 0, gid: 0, mode: 0o644, pathClass: 'managed', version: 1, xattrs: [] } as const;

function put(path: string, obstacle: Obstacle): Step {
  const digest = sha256(Buffer.from(path));
  const entry = {
    ...BASE,
    type: 'file',
    path: path as RepoPath,
    size: 1,
    storedSize: 1,
    digest,
    linkTo: undefined,
  } as const;
  return { action: 'put-file', entry, obstacle };
}

const asideAt = (path: string) => ({ path: path as RepoPath, reason: 'kept-aside' }) as const;

test.each([
  ['a foreign file', 'usr/f', 'foreign', 'replaceable', 0],
  ['a foreign directory', 'usr/d', 'foreign', 'directory', 0],
  ['one of ours', 'usr/f', 'directory', 'directory', 0],
  ['nothing', 'usr/f', 'nothing', 'nothing', 0],
  ['a foreign file elsewhere', 'etc/f', 'foreign', 'foreign', 1],
] as const)('%s in the way', (_, path, obstacle, expected, notices) => {
  const plan: ChangePlan = {
    steps: [put(path, obstacle)],
    removals: [],
    notices: obstacle === 'foreign' ? [asideAt(path)] : [],
  };
  const cleared = clearObstacles(
    plan,
    (at) => at.endsWith('/d'),
    (at) => at.startsWith('usr/'),
  );
  expect(cleared.steps).toEqual([put(path, expected)]);
  expect(cleared.notices).toHaveLength(notices);
});
