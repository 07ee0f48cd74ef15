import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { type ProgressStep, SILENT } from '../progress.ts';
import { barProgress, plainProgress, type TerminalStream } from './progress-bar.ts';

interface Screen {
  readonly stream: TerminalStream;
  /** What has been written since the last call. */
  text(): string;
}

function screen(isTTY: boolean): Screen {
  const stream = Object.assign(new PassThrough({ encoding: 'utf8' }), { isTTY, columns: 120, rows: 30 });
  return { stream, text: () => (stream.read() as string | null) ?? '' };
}

const step = (
  done: number,
  total: number,
  unit: ProgressStep['unit'] = 'files',
  stage = 'scan',
): ProgressStep => ({ stage, done, total, unit });

test('a bar: share, figure, rate, time left', () => {
  const { stream, text } = screen(true);
  let time = 0;
  const progress = barProgress(stream, () => time);
  progress.report(step(0, 10_000_000, 'bytes', 'download'));
  time = 1000;
  progress.report(step(2_500_000, 10_000_000, 'bytes', 'download'));
  const drawn = text();
  for (const part of ['download', ' 25%', '2.5 MB of 10 MB', '2.5 MB/s', '3.0 s left'])
    expect(drawn).toContain(part);
  time = 2000;
  progress.report(step(10_000_000, 10_000_000, 'bytes', 'download'));
  progress.finish('download');
  const last = text();
  for (const part of ['100%', '10 MB of 10 MB', '5 MB/s', '2.0 s']) expect(last).toContain(part);
  expect(last).toMatch(/\n$/);
});

test('draws ten times a second at most, and the end at once', () => {
  const { stream, text } = screen(true);
  let time = 0;
  const progress = barProgress(stream, () => time);
  progress.report(step(0, 1000));
  text();
  for (let done = 1; done < 100; done++, time++) progress.report(step(done, 1000));
  expect(text()).toBe('');
  time = 100;
  progress.report(step(500, 1000));
  expect(text()).toContain(' 50%');
  progress.report(step(1000, 1000));
  expect(text()).toContain('100%');
  progress.finish('scan');
});

test('while the total is not known, the bar stays empty and is drawn no more often', () => {
  const { stream, text } = screen(true);
  let time = 0;
  const progress = barProgress(stream, () => time);
  progress.report(step(0, 0));
  expect(text()).toContain('  0%  0 files ');
  for (let done = 1; done < 1000; done++) progress.report(step(done, 0));
  expect(text()).toBe('');
  time = 200;
  progress.report(step(1234, 0));
  expect(text()).toContain('  0%  1,234 files ');
  progress.finish('scan');
});

test('the last report is shown, however short ago it came', () => {
  const { stream, text } = screen(true);
  const progress = barProgress(stream, () => 0);
  progress.report(step(0, 10));
  progress.report(step(9, 10));
  expect(text()).not.toContain('9 files');
  progress.finish('scan');
  expect(text()).toContain('9 files of 10 files');
});

test('a new stage ends the one before', () => {
  const { stream, text } = screen(true);
  const progress = barProgress(stream, () => 0);
  progress.report(step(1, 10));
  progress.report(step(1, 10, 'files', 'pack'));
  const [first = '', second = ''] = text().split('\n');
  expect(first).toContain('scan');
  expect(second).toContain('pack');
  progress.finish('scan');
  expect(text()).toBe('');
  progress.finish('pack');
  expect(text()).toContain('pack');
});

test('the cursor is given back', () => {
  const { stream, text } = screen(true);
  const progress = barProgress(stream, () => 0);
  progress.report(step(1, 10));
  expect(text()).toContain('\x1b[?25l');
  progress.finish('scan');
  expect(text()).toContain('\x1b[?25h');
});

test('plain progress is a line for each stage when it is over', () => {
  const { stream, text } = screen(false);
  let time = 500;
  const progress = plainProgress(stream, () => time);
  progress.report(step(0, 17_028));
  time = 900;
  progress.report(step(17_028, 17_028));
  expect(text()).toBe('');
  time = 4700;
  progress.finish('scan');
  expect(text()).toBe('scan: 17,028 files in 4.2 s\n');
  progress.finish('scan');
  progress.finish('never started');
  expect(text()).toBe('');
});

test('plain progress keeps stages that overlap apart', () => {
  const { stream, text } = screen(false);
  let time = 0;
  const progress = plainProgress(stream, () => time);
  progress.report(step(1, 2, 'files', 'a'));
  time = 1000;
  progress.report(step(1_500_000, 2_000_000, 'bytes', 'b'));
  time = 2000;
  progress.finish('a');
  progress.finish('b');
  expect(text()).toBe('a: 1 file in 2.0 s\nb: 1.5 MB in 1.0 s\n');
});

test('silence', () => {
  expect(() => {
    SILENT.report(step(1, 2));
    SILENT.finish('scan');
  }).not.toThrow();
});
