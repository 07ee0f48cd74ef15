import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/swupd.js', import.meta.url));
/** Has each start of Node tell how its memory is set. */
const TELL =
  "--import=data:text/javascript,console.error('start'+[process.env.MALLOC_MMAP_THRESHOLD_,...process.execArgv])";
const AGAIN = 'start262144,--max-semi-space-size=4';
const OWN = { MALLOC_MMAP_THRESHOLD_: '4096' };

test.each([
  [['update'], {}, ['start', AGAIN]],
  [['-q', 'bundle-add'], {}, ['start', AGAIN]],
  [['update'], OWN, ['start4096']],
  [['info'], {}, ['start']],
])('%j with %j starts as often and with such memory as it should', (command, own, expected) => {
  const { MALLOC_MMAP_THRESHOLD_: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, ...command, '--help'], {
    env: { ...env, ...own, NODE_OPTIONS: TELL },
    encoding: 'utf8',
  });
  expect(stderr.trim().split('\n')).toEqual(expected);
  expect(stdout).toContain(`Usage: swupd ${command.at(-1)}`);
  expect(status).toBe(0);
});
