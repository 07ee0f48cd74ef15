import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { TARGET_NAMES } from './targets.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
/** Some seconds, where nothing else runs. */
const TIME_MAX = 300_000;

async function fuzz(...args: string[]): Promise<{ code: number; stdout: string }> {
  const running = promisify(execFile)(process.execPath, [MAIN, ...args]);
  return running.then(({ stdout }) => ({ code: 0, stdout })).catch(({ code, stdout }) => ({ code, stdout }));
}

describe('pnpm fuzz', () => {
  test.concurrent.each(TARGET_NAMES)(
    '%s withstands its seeds, their small changes, and mutants',
    async (name) => {
      const { code, stdout } = await fuzz(name, '--executions', name === 'align-large' ? '100' : '2000');
      expect(code, stdout).toBe(0);
      const row = stdout.split('\n').find((line) => line.startsWith(name));
      const [, executions, , branches, , corpus, refused] = (row ?? '').trim().split(/\s+/).map(Number);
      expect(executions).toBeGreaterThanOrEqual(name === 'align-large' ? 100 : 2100);
      expect(branches).toBeGreaterThan(25);
      expect(corpus).toBeGreaterThan(5);
      // Those of the large files are not small.
      if (name !== 'align-large') expect(refused).toBeGreaterThan(100);
    },
    TIME_MAX,
  );

  test('refuses a target that there is not', async () => {
    expect((await fuzz('nothing')).code).toBe(2);
  });
});
