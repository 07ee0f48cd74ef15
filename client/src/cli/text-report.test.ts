import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { DeviceError } from '../device-error.ts';
import type { CliIo } from './cli-io.ts';
import { textReport } from './text-report.ts';

const HOSTILE = 'name\x1b[2J\u009b31m\r\u202e\nError: fake';
const SHOWN = 'name\\x1b[2J\\x9b31m\\x0d\\u{202e}\\x0aError: fake';

function report(options: { verbose?: boolean; debug?: boolean; quiet?: boolean } = {}) {
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const io = { stdout, stderr, monotonic: () => 0 } as unknown as CliIo;
  const all = { quiet: false, verbose: false, debug: false, progress: true, ...options };
  const text = (stream: PassThrough): string => String(stream.read() ?? '');
  return { report: textReport(io, all), out: () => text(stdout), err: () => text(stderr) };
}

const error = (): DeviceError =>
  new DeviceError('no-space', HOSTILE, { hint: HOSTILE, cause: new Error(HOSTILE) });

test.each([false, true])('an answer can neither steer the terminal nor fake a line (quiet: %s)', (quiet) => {
  const { report: to, out } = report({ quiet });
  to.answer({ exit: 0, text: () => [HOSTILE, 'b'], quiet: () => [HOSTILE, 'b'], data: () => ({}) });
  expect(out()).toBe(`${SHOWN}\nb\n`);
});

test('nor can an error, its hint, its cause or a warning', () => {
  const { report: to, err } = report({ verbose: true });
  to.error(error());
  to.warn(HOSTILE);
  expect(err()).toBe(`Error: ${SHOWN}\nCause: ${SHOWN}\nHint: ${SHOWN}\nWarning: ${SHOWN}\n`);
});

test('nor what --debug shows, which has many lines', () => {
  const { report: to, err } = report({ debug: true });
  to.error(error());
  const text = err();
  expect(text.split('\n').length).toBeGreaterThan(5);
  expect(text).not.toMatch(/[^\P{C}\n]/u);
});
