import { readFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { text } from 'node:stream/consumers';
import { runCli } from '../../../client/src/cli/run-cli.ts';
import type { ClientResult } from './client.ts';

/**
 * Runs the program's command line in this process: what it looks at and prints is the same, without the time that a process takes to
 * start. For looking at a device; what may be cut off has to be a process of its own.
 */
export async function callClient(args: readonly string[]): Promise<ClientResult> {
  const start = performance.now();
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const printed = Promise.all([text(stdout), text(stderr)]);
  const exit = await runCli(args, {
    stdin: () => process.stdin,
    stdout,
    stderr,
    env: {},
    cwd: () => '/',
    now: () => Date.now(),
    monotonic: () => performance.now(),
    random: () => Math.random(),
    processors: 1,
    version: '0',
    pid: process.pid,
    readFile: (path) => readFileSync(path),
    signal: new AbortController().signal,
  });
  stdout.end();
  stderr.end();
  const [said, complained] = await printed;
  return { exit, stdout: said, stderr: complained, milliseconds: performance.now() - start };
}
