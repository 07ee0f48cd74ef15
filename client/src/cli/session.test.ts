import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { SILENT } from '@swupd/shared';
import { expect, test } from 'vitest';
import type { CliIo } from './cli-io.ts';
import type { GlobalOptions } from './global-options.ts';
import { openSession } from './session.ts';

const OPTIONS: GlobalOptions = {
  path: '/',
  pathGiven: false,
  url: undefined,
  channel: undefined,
  statedir: undefined,
  certpath: undefined,
  cacert: undefined,
  json: false,
  quiet: false,
  verbose: false,
  debug: false,
  time: false,
  progress: true,
  assume: undefined,
  allowInsecureHttp: false,
  hooks: 'own-root',
  parallel: 1,
  maxRetries: 0,
  retryDelay: 0,
};

interface Terminal {
  readonly isTTY?: boolean;
  readonly options?: Partial<GlobalOptions>;
}

function open({ isTTY = true, options = {} }: Terminal) {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  const stderr = Object.assign(new PassThrough(), { isTTY });
  const io: CliIo = {
    stdin: () => stdin,
    stdout: new PassThrough(),
    stderr,
    env: {},
    cwd: () => '/home/user',
    now: () => 0,
    monotonic: () => 0,
    random: () => 0,
    processors: 1,
    version: '0.0.0',
    pid: 1,
    readFile: () => new Uint8Array(),
    signal: new AbortController().signal,
  };
  const session = openSession(
    io,
    { ...OPTIONS, ...options },
    { progress: SILENT, warn: () => {}, hookFailed: () => {} },
  );
  return { session, stdin, stderr };
}

test.each([
  ['y\n', true],
  ['YES\n', true],
  ['n\n', false],
  ['\n', false],
  ['what?\n', false],
])('on a terminal, the answer %j means %s', async (typed, answer) => {
  const { session, stdin, stderr } = open({});
  expect(session.asks()).toBe(true);
  const confirmed = session.confirm('Delete all?');
  const [shown] = (await once(stderr, 'data')) as [Buffer];
  expect(shown.toString()).toContain('Delete all? [y/N] ');
  stdin.write(typed);
  expect(await confirmed).toBe(answer);
});

test('the end of the input means no', async () => {
  const { session, stdin } = open({});
  const confirmed = session.confirm('Delete all?');
  stdin.end();
  expect(await confirmed).toBe(false);
});

test.each([
  ['without a terminal', { isTTY: false }, false, true],
  ['with --json-output', { options: { json: true } }, false, true],
  ['with --quiet', { options: { quiet: true } }, false, true],
  ['with --yes', { options: { assume: 'yes' } }, false, true],
  ['with --assume no', { options: { assume: 'no' } }, true, false],
  ['with --assume no and without a terminal', { isTTY: false, options: { assume: 'no' } }, true, false],
] as const)('%s nobody is asked', async (_name, terminal, asks, answer) => {
  const { session, stderr } = open(terminal);
  expect(session.asks()).toBe(asks);
  expect(await session.confirm('Delete all?')).toBe(answer);
  expect(stderr.readableLength).toBe(0);
});
