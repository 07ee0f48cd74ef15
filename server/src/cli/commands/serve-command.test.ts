import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { truncate } from 'node:fs/promises';
import { get, type IncomingMessage } from 'node:http';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer, text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { BLOB, serveTree } from '../../http/test-repository.ts';

const PACKAGE = fileURLToPath(new URL('../../..', import.meta.url));
const LARGE = 64 * 1024 * 1024;

/** A program with this one command. It prints the code of an error. */
const PROGRAM = `
import { Command } from 'commander';
import { registerServe } from './src/cli/commands/serve-command.ts';
const program = new Command();
registerServe(program, process);
await program.parseAsync(process.argv.slice(1), { from: 'user' }).catch((error) => {
  console.error(error.code + ' ' + error.hint);
  process.exitCode = error.exit;
});`;

function run(...args: string[]) {
  const child = spawn(process.execPath, ['--input-type=module', '-e', PROGRAM, '--', 'serve', ...args], {
    cwd: PACKAGE,
  });
  const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
  return { child, ended };
}

/** The first line on stdout, which other programs wait for. */
async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout === null) return '';
  const [line] = await once(createInterface(stdout), 'line');
  return String(line);
}

function download(url: string): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    get(url, resolve).once('error', reject);
  });
}

describe('serve', () => {
  test.each(['SIGINT', 'SIGTERM'] as const)(
    'says where, logs to stderr, and ends in peace on %s',
    async (signal) => {
      await using own = await serveTree();
      const { child, ended } = run(own.repository, '--port', '0');
      const log = text(child.stderr);
      const line = await firstLine(child);
      expect(line).toMatch(new RegExp(`^serving ${own.repository} at http://127\\.0\\.0\\.1:\\d+$`));
      const url = line.split(' at ')[1];
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      child.kill(signal);
      expect(await ended).toEqual([0, null]);
      const lines = (await log)
        .trim()
        .split('\n')
        .map((entry) => JSON.parse(entry) as { msg: string });
      expect(lines.map(({ msg }) => msg)).toEqual(['listening', 'request', 'closing', 'closed']);
    },
  );

  test('a second signal ends it at once', async () => {
    await using own = await serveTree();
    await truncate(join(own.repository, BLOB), LARGE);
    const { child, ended } = run(own.repository, '--port', '0', '--host', 'localhost');
    const url = (await firstLine(child)).split(' at ')[1];
    const response = await download(`${url}/${BLOB}`);
    child.kill('SIGTERM');
    for await (const line of createInterface(child.stderr)) if (line.includes('"closing"')) break;
    child.kill('SIGTERM');
    expect(await ended).toEqual([null, 'SIGTERM']);
    await expect(buffer(response)).rejects.toMatchObject({ code: 'ECONNRESET' });
  });

  test.each([
    ['not-a-repository', 37, ['/nowhere']],
    ['bad-port', 15, ['/nowhere', '--port', '65536']],
    ['bad-port', 15, ['/nowhere', '--port', '-1']],
    ['bad-port', 15, ['/nowhere', '--port', '80a']],
  ])('%s: exit %i with a hint', async (code, exit, args) => {
    const { child, ended } = run(...args);
    const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
    expect(await ended).toEqual([exit, null]);
    expect(stdout).toBe('');
    expect(stderr).toMatch(new RegExp(`^${code} .{20,}\n$`));
  });

  test('port-in-use: exit 11 with a hint', async () => {
    await using own = await serveTree();
    const { child, ended } = run(own.repository, '--port', String(own.port), '--log-level', 'silent');
    expect(await text(child.stderr)).toMatch(/^port-in-use .{20,}\n$/);
    expect(await ended).toEqual([11, null]);
  });
});
