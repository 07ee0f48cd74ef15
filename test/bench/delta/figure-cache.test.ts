import { appendFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { tempFolder } from '../../support/temp-folder.ts';
import { FigureCache } from './figure-cache.ts';

const NAME = 'deep/sizes.jsonl';
const never = (): Promise<number> => Promise.reject(new Error('this is known'));

test('a figure is made once, also across runs, even if it says that there is none', async () => {
  using folder = tempFolder();
  const file = join(folder.path, NAME);
  const first = new FigureCache<number | null>(file);
  expect(await first.get('a', async () => 7)).toBe(7);
  expect(await first.get('none', async () => null)).toBe(null);
  const second = new FigureCache<number | null>(file);
  expect(await second.get('a', never)).toBe(7);
  expect(await second.get('none', never)).toBe(null);
});

test('a line that was torn is made again', async () => {
  using folder = tempFolder();
  const file = join(folder.path, NAME);
  await new FigureCache<number>(file).get('a', async () => 1);
  appendFileSync(file, '["b",');
  const cache = new FigureCache<number>(file);
  expect(await cache.get('a', never)).toBe(1);
  expect(await cache.get('b', async () => 2)).toBe(2);
  expect(readFileSync(file, 'utf8')).toContain('["b",2]');
  expect(await new FigureCache<number>(file).get('b', never)).toBe(2);
});

test('what fails is not kept', async () => {
  using folder = tempFolder();
  const cache = new FigureCache<number>(join(folder.path, NAME));
  await expect(cache.get('a', never)).rejects.toThrow('this is known');
  expect(await cache.get('a', async () => 3)).toBe(3);
});
