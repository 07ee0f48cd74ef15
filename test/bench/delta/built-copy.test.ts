import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CODECS } from '@swupd/shared/delta';
import { hashContent } from '@swupd/shared/io';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type TempFolder, tempFolder } from '../../support/temp-folder.ts';
import { buildCopy } from './built-copy.ts';
import type { EncodedFile } from './encode-process.ts';

const NEW = Buffer.from('One line of a file that hardly changes, number 2.\n'.repeat(200));
let folder: TempFolder;
let scripts = '';
const place = (name: string): string => join(folder.path, name);
const run = (name: string, args: readonly string[]): unknown =>
  JSON.parse(execFileSync(process.execPath, [join(scripts, name), ...args], { encoding: 'utf8' }));

beforeAll(() => {
  folder = tempFolder();
  scripts = buildCopy(place('built'));
  writeFileSync(place('old'), NEW.toString('latin1').replaceAll('2', '1'));
  writeFileSync(place('new'), NEW);
});

afterAll(() => folder[Symbol.dispose]());

test.each([...CODECS.map(({ name }) => name), 'ours'])(
  '%s makes and applies a delta as plain JavaScript',
  (codec) => {
    const made = run('encode-process.js', [codec, place('old'), place('new'), place('delta')]);
    // There is nothing deflated in these files.
    if (made === null) return expect(codec).toBe('inflated');
    const { length, stored } = made as EncodedFile;
    expect(stored).toBeLessThan(NEW.length);
    const args = [place('old'), place('delta'), place('made'), String(length), String(NEW.length)];
    expect(run('decode-process.js', args)).toBe(hashContent(NEW));
  },
);
