import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { TARGET_NAMES } from './targets.ts';

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url));
/** Those with seeds so small that every bit of them is turned. */
const DECODERS = new Set<string>([
  ...['container', 'vcdiff', 'zstd-patch', 'zstd-pieces', 'x86-filter', 'align', 'inflated', 'put-together'],
  ...['take-apart', 'manifest', 'mom', 'delta-index', 'pack-head', 'pack-index', 'frame', 'http-answer'],
]);
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
      expect(executions).toBeGreaterThanOrEqual(name === 'align-large' ? 100 : 2000);
      expect(branches).toBeGreaterThan(5);
      expect(corpus).toBeGreaterThan(1);
      if (DECODERS.has(name)) expect(branches).toBeGreaterThan(25);
      if (DECODERS.has(name)) expect(refused).toBeGreaterThan(100);
    },
    TIME_MAX,
  );

  test('refuses a target that there is not', async () => {
    expect((await fuzz('nothing')).code).toBe(2);
  });
});
