import { describe, expect, test } from 'vitest';
import { DeviceError } from '../device-error.ts';
import { stoppedBy } from './cli-error.ts';
import { explainError } from './explain-error.ts';

const RUNNING = new AbortController().signal;
const systemError = (code: string): Error =>
  Object.assign(new Error(`${code}: failed`), { code, syscall: 'open' });

describe('explainError', () => {
  test.each([
    ['ENOSPC', 'no-space', 25],
    ['EDQUOT', 'no-space', 25],
    ['EACCES', 'not-permitted', 32],
    ['EPERM', 'not-permitted', 32],
    ['EROFS', 'not-permitted', 32],
    ['EIO', 'unexpected', 27],
  ])('%s of the system is %s, exit %i', (errno, code, exit) => {
    const explained = explainError(systemError(errno), RUNNING);
    expect(explained).toMatchObject({ code, exit, hint: expect.stringMatching(/.{10}/) });
    expect(explained.cause).toMatchObject({ code: errno });
  });

  test.each([[new TypeError('x is not a function')], ['text'], [undefined]])(
    '%s is a fault: exit 27',
    (error) => {
      expect(explainError(error, RUNNING)).toMatchObject({ code: 'unexpected', exit: 27 });
    },
  );

  test('errors of the project stay as they are', () => {
    const error = new DeviceError('locked', 'another one runs');
    expect(explainError(error, RUNNING)).toBe(error);
  });

  test.each([
    ['SIGINT', 'interrupted', 130],
    ['SIGTERM', 'terminated', 143],
  ] as const)('after %s whatever fails is %s, exit %i', (signal, code, exit) => {
    const stopped = AbortSignal.abort(stoppedBy(signal));
    expect(explainError(systemError('EIO'), stopped)).toMatchObject({ code, exit });
  });
});
