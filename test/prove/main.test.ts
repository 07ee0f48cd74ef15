import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { tempFolder } from '../support/temp-folder.ts';
import type { Proof } from './proof.ts';
import { runProofs } from './run-proofs.ts';

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url));
const prove = (...args: string[]) => spawnSync(process.execPath, [MAIN, ...args], { encoding: 'utf8' });

const proofOf = (broken: number): Proof => ({
  name: 'sample',
  summary: 'numbers',
  count: 7,
  run: async ({ count, seed }) => ({
    tried: count,
    broken: Array.from({ length: broken }, (_, i) => ({ what: `number ${i} of ${seed}`, again: 'so' })),
    figures: { seeds: seed },
  }),
});

test('a report has the seed, the figures, and what is broken with how to see it again', async () => {
  let text = '';
  const output = { out: (more: string) => (text += more), status: () => {}, now: () => 0 };
  const reports = await runProofs([proofOf(0), proofOf(12)], { count: undefined, seed: 5 }, output);
  expect(reports.map(({ tried, broken, seed }) => [tried, broken.length, seed])).toEqual([
    [7, 0, 5],
    [7, 12, 5],
  ]);
  expect(text).toContain('pnpm prove sample --count 7 --seed 5');
  expect(text).toContain('seeds: 5');
  expect(text).toContain('7 tried, 0 broken');
  expect(text).toContain('BROKEN number 9 of 5\n    so\n  and 2 more\n');
});

test('the command lists the proofs, and refuses what it does not know', () => {
  const help = prove('--help');
  expect([help.status, help.stderr]).toEqual([0, '']);
  for (const name of ['cuts', 'errors', 'random-cuts', 'second-cuts', 'space'])
    expect(help.stdout).toContain(`  ${name} `);
  for (const args of [['nothing'], ['--count', '0'], ['--seed', 'x'], ['--what']]) {
    const refused = prove(...args);
    expect([refused.status, refused.stdout]).toEqual([2, '']);
    expect(refused.stderr).toContain('usage: pnpm prove');
  }
});

test('the command runs a proof, and writes what came out', () => {
  using folder = tempFolder();
  const file = join(folder.path, 'report.json');
  const run = prove('random-cuts', '--count', '20', '--seed', '3', '--json', file);
  expect(run.status).toBe(0);
  expect(JSON.parse(readFileSync(file, 'utf8'))).toMatchObject([
    { name: 'random-cuts', tried: 20, seed: 3, broken: [], figures: { stories: 1 } },
  ]);
});
