import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { findMutants } from './find-mutants.ts';
import { plainText } from './fresh-modules.ts';
import { measureTests, runMutants } from './run-mutants.ts';

const SOURCE = fileURLToPath(new URL('sample/is-port.ts', import.meta.url));
const TEST = fileURLToPath(new URL('sample/is-port.test.ts', import.meta.url));

test('real processes find what the tests of a sample notice, and what they do not', async () => {
  const mutants = findMutants(plainText(SOURCE)).map((mutant) => ({ ...mutant, file: SOURCE }));
  const measured = await measureTests([TEST], mutants);
  expect(measured.map(({ tests }) => tests.length)).toEqual([4]);
  const tried = await runMutants({ mutants, measured, jobs: 1, onTried: () => {} });
  const verdicts = tried.map(({ mutant, verdict }) => `${mutant.what}: ${verdict}`);
  expect(verdicts).toEqual([
    'return /^[0-9]+$/.test(text) && Number(text) < 65_536; becomes return;: killed',
    '/^[0-9]+$/ becomes /[0-9]+$/: survived',
    '/^[0-9]+$/ becomes /^[0-9]+/: survived',
    '&& becomes ||: killed',
    '< becomes <=: survived',
    '< becomes >=: killed',
    '65_536 becomes 65537: survived',
    '65_536 becomes 65535: survived',
  ]);
});
