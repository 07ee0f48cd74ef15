import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { LAYOUT } from '@swupd/manifests';
import { compressFrame, sha256 } from '@swupd/shared';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Measured, measure } from '../bench/measure.ts';
import { Scene } from '../support/scene.ts';
import { snapshotTree } from '../support/snapshot-tree.ts';
import { lieInManifest, manifestText, write } from '../support/tamper.ts';
import { file } from '../support/tree.ts';

const MIB = 1024 * 1024;
/** What a small update takes, and a few times what the largest of these documents is. */
const MEMORY = 600 * MIB;
const SECONDS = 60;
const TIMEOUT = 300_000;
const CONTENT = Buffer.alloc(200_000, 'x');

let scene: Scene;
let root: string;
let honest: string;
beforeEach(async () => {
  scene = new Scene({ time: Math.floor(Date.now() / 1000) });
  const { repository } = scene;
  await repository.build(10, { bundles: { 'os-core': { 'usr/a': file('a') } } });
  root = join(scene.folder, 'root');
  mkdirSync(root);
  const installed = await swupd('os-install', root, '-u', repository.url, '-C', repository.anchorFile);
  expect(installed).toMatchObject({ exit: 0 });
  await repository.build(20, { bundles: { 'os-core': { 'usr/a': file(CONTENT) } } });
  honest = manifestText(repository, 20, 'os-core');
}, TIMEOUT);
afterEach(() => scene[Symbol.dispose]());

function swupd(...args: string[]): Promise<Measured> {
  return measure('swupd', [...args, '-j', '--max-retries', '0']);
}

/** The update is refused with this code, soon and in little memory, and the root stays as it was. */
async function expectRefused(exit: number, code: string): Promise<void> {
  const before = snapshotTree(root, { except: ['var'] });
  const update = await swupd('update', '-p', root);
  expect(update.stdout).toContain(`"code":"${code}"`);
  expect(update.exit).toBe(exit);
  expect(update.peakMemory).toBeLessThan(MEMORY);
  expect(update.seconds).toBeLessThan(SECONDS);
  expect(snapshotTree(root, { except: ['var'] })).toEqual(before);
}

const directories = (count: number): string =>
  Array.from(
    { length: count },
    (_, i) => `d\t755\t0\t0\tm\t20\t-\t-\t-\tx${String(i).padStart(8, '0')}\t-\t-\n`,
  ).join('');

describe('a signed manifest', { timeout: TIMEOUT }, () => {
  test.each<[string, (text: string) => string]>([
    ['that announces a billion entries', (text) => text.replace(/^entries\t\d+$/m, 'entries\t1000000000')],
    ['that goes on and on', (text) => text + directories(2_500_000)],
    ['whose header goes on and on', (text) => text.replace('\n\n', `\n${'x\t1\n'.repeat(10_000_000)}\n`)],
  ])('%s', async (_, change) => {
    lieInManifest(scene.repository, 20, { bundle: 'os-core', text: change(honest) });
    await expectRefused(14, 'bad-manifest');
  });
});

test(
  'a file that decompresses to a gigabyte',
  async () => {
    const bomb = compressFrame(Buffer.alloc(1024 * MIB), 1);
    const sizes = `\t${CONTENT.length}\t${bomb.length}\t`;
    const text = honest.replace(/\t200000\t\d+\t/, sizes);
    expect(text).not.toBe(honest);
    lieInManifest(scene.repository, 20, { bundle: 'os-core', text });
    write(scene.repository, LAYOUT.blob(sha256(CONTENT)), bomb);
    await expectRefused(17, 'content-unavailable');
  },
  TIMEOUT,
);
